/** Where a reply ends in a chunk. */
export interface ReplyEnd {
  readonly offset: number;
  /** A message of pub/sub, which answers no command. */
  readonly isMessage: boolean;
}

const maxLineBytes = 64 * 1024;
const messageTypes = new Set(['message', 'pmessage', 'smessage']);
const bulks = new Set(['$', '=', '!']);
/** Aggregates, and how many elements follow for each one that they count. */
const aggregates: Readonly<Record<string, number>> = { '*': 1, '>': 1, '~': 1, '%': 2 };

/** Finds the ends of replies in what a server sends, whatever chunks it comes in. */
export class ReplyScanner {
  #line = '';
  /** Bytes of a bulk string, with its line end, that are still to come. */
  #bulkBytes = 0;
  #missing = 1;
  #elements = 0;
  #type = '';

  /** Throws where the bytes are not those of a Redis. */
  push(chunk: Buffer): ReplyEnd[] {
    const ends: ReplyEnd[] = [];
    let at = 0;
    while (at < chunk.length) {
      at = this.#bulkBytes > 0 ? this.#skipBulk(chunk, at) : this.#readLine(chunk, at);
      if (this.#missing > 0 || this.#bulkBytes > 0) continue;
      ends.push({ offset: at, isMessage: messageTypes.has(this.#type) });
      this.#missing = 1;
      this.#elements = 0;
      this.#type = '';
    }
    return ends;
  }

  #skipBulk(chunk: Buffer, at: number): number {
    const taken = Math.min(this.#bulkBytes, chunk.length - at);
    // The first word of an array: its second element, after the array itself.
    if (this.#elements === 2 && this.#type.length < 16) {
      this.#type += chunk.toString('latin1', at, at + taken);
    }
    this.#bulkBytes -= taken;
    if (this.#bulkBytes === 0) this.#type = this.#type.trimEnd();
    return at + taken;
  }

  #readLine(chunk: Buffer, at: number): number {
    const newLine = chunk.indexOf(10, at);
    const end = newLine < 0 ? chunk.length : newLine + 1;
    this.#line += chunk.toString('latin1', at, end);
    if (this.#line.length > maxLineBytes) throw new Error('a reply has no end');
    if (newLine >= 0) {
      this.#element(this.#line.trimEnd());
      this.#line = '';
    }
    return end;
  }

  #element(line: string): void {
    const mark = line.charAt(0);
    const count = Number(line.slice(1));
    const perCount = aggregates[mark];
    this.#missing -= 1;
    this.#elements += 1;
    if (perCount !== undefined) this.#missing += Math.max(0, count) * perCount;
    else if (bulks.has(mark) && count >= 0) this.#bulkBytes = count + 2;
  }
}
