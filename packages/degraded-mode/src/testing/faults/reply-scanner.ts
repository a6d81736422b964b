/** The end of a reply in a chunk. */
export interface ReplyEnd {
  readonly offset: number;
  /** Whether it is a pub/sub message, which answers no command. */
  readonly isMessage: boolean;
}

const maxLineBytes = 64 * 1024;
const messageTypes = new Set(['message', 'pmessage', 'smessage']);
const bulks = new Set(['$', '=', '!']);
/** Aggregate types, and the number of elements per counted entry. */
const aggregates: Readonly<Record<string, number>> = { '*': 1, '>': 1, '~': 1, '%': 2 };

/** Finds the ends of replies in the chunks from a server. */
export class ReplyScanner {
  #line = '';
  /** Missing bytes of a bulk string, including its line end. */
  #bulkBytes = 0;
  #missing = 1;
  #elements = 0;
  #type = '';

  /** Throws if the bytes are not the Redis protocol. */
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
