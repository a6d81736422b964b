import { createHash } from 'node:crypto';
import type { ExportList } from './export-list.ts';

/** What is known of a text that was written to its end. */
export interface WrittenText {
  /** In hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The number of entries in each list. */
  readonly entries: Readonly<Record<string, number>>;
}

/** The length from which collected text becomes a chunk. */
const chunkCharacters = 256 * 1024;

/** Writes lists as one JSON object, `{ "name": [entry, …], … }`, in chunks of bounded size. */
export class ExportText {
  readonly #lists: readonly ExportList[];
  readonly #hash = createHash('sha256');
  readonly #entries: Record<string, number> = {};
  #sizeBytes = 0;

  constructor(lists: readonly ExportList[]) {
    this.#lists = lists;
  }

  async *chunks(): AsyncGenerator<Buffer> {
    let collected = '';
    for await (const piece of this.#pieces()) {
      collected += piece;
      if (collected.length < chunkCharacters) continue;
      yield this.#chunk(collected);
      collected = '';
    }
    yield this.#chunk(collected);
  }

  /** Call it once, after the last chunk. */
  written(): WrittenText {
    const sha256 = this.#hash.digest('hex');
    return { sha256, sizeBytes: this.#sizeBytes, entries: this.#entries };
  }

  async *#pieces(): AsyncGenerator<string> {
    yield '{';
    for (const [index, list] of this.#lists.entries()) {
      yield `${index === 0 ? '' : ','}\n${JSON.stringify(list.name)}: [`;
      let count = 0;
      for await (const entry of list.entries()) {
        yield `${count === 0 ? '' : ','}\n  ${JSON.stringify(entry)}`;
        count += 1;
      }
      this.#entries[list.name] = count;
      yield count === 0 ? ']' : '\n]';
    }
    yield '\n}\n';
  }

  #chunk(text: string): Buffer {
    const chunk = Buffer.from(text);
    this.#hash.update(chunk);
    this.#sizeBytes += chunk.length;
    return chunk;
  }
}
