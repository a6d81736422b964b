import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { threadShare } from '@secureconnect/service';
import { type BulkheadPolicy, BulkheadRejectedError, bulkhead } from 'cockatiel';
import type { ByteRange } from './object-store.ts';

/**
 * Calls of the file system that wait for a thread. Each upload and download has one at most, with a
 * chunk of its bytes in memory.
 */
const defaultMaxWaiting = 2000;
/** As a stream of a file reads. */
const chunkBytes = 64 * 1024;

/**
 * Keeps what is asked of the file system to a part of libuv's threads. A disk that is slow, or a
 * network below it that hangs, would otherwise hold all of them, and new connections to the database
 * with them.
 */
export class DiskWork {
  readonly #threads: BulkheadPolicy;

  constructor({ maxWaiting = defaultMaxWaiting } = {}) {
    this.#threads = bulkhead(threadShare(), maxWaiting);
  }

  /** Rejects with what `isTooMuchDiskWork` knows where too many wait. */
  run<Result>(call: () => Promise<Result>): Promise<Result> {
    return this.#threads.execute(call);
  }

  /** The bytes of a range of an open file, which is closed with the stream. */
  read(file: FileHandle, range: ByteRange): Readable {
    const bytes = Readable.from(this.#chunks(file, range), { objectMode: false });
    // Not at the end of the chunks, of which there may be none; nothing was written that could be lost.
    bytes.once('close', () => file.close().catch(() => undefined));
    return bytes;
  }

  async *#chunks(file: FileHandle, { firstByte, lastByte }: ByteRange): AsyncGenerator<Buffer> {
    for (let position = firstByte; position <= lastByte; ) {
      const length = Math.min(chunkBytes, lastByte + 1 - position);
      const chunk = Buffer.allocUnsafe(length);
      const { bytesRead } = await this.run(() => file.read({ buffer: chunk, position }));
      // The file is shorter than it was: its reader gets less than was announced.
      if (bytesRead === 0) return;
      position += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  }
}

/** Whether so many wait for the file system that it takes no more. */
export function isTooMuchDiskWork(error: unknown): boolean {
  return error instanceof BulkheadRejectedError;
}
