import { createHash } from 'node:crypto';
import { type Bytes, SizeMismatch } from './object-store.ts';

/** Counts and hashes a stream of bytes; fails unless there are exactly `sizeBytes`. */
export class Measured implements Bytes {
  readonly #bytes: Bytes;
  readonly #sizeBytes: number;
  readonly #hash = createHash('sha256');

  constructor(bytes: Bytes, sizeBytes: number) {
    this.#bytes = bytes;
    this.#sizeBytes = sizeBytes;
  }

  /** The hash in hexadecimal. Call it once, after the end. */
  sha256(): string {
    return this.#hash.digest('hex');
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    let seenBytes = 0;
    for await (const chunk of this.#bytes) {
      seenBytes += chunk.length;
      if (seenBytes > this.#sizeBytes) throw new SizeMismatch('longer', this.#sizeBytes);
      this.#hash.update(chunk);
      yield chunk;
    }
    if (seenBytes < this.#sizeBytes) throw new SizeMismatch('shorter', this.#sizeBytes);
  }
}
