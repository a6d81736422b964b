import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { threadShare } from '@secureconnect/service';
import { type BulkheadPolicy, BulkheadRejectedError, bulkhead } from 'cockatiel';
import type { ByteRange } from './object-store.ts';

/**
 * Maximum file system calls that wait for a thread. Each upload and download has at most one, with
 * one chunk in memory.
 */
const defaultMaxWaiting = 2000;
/** The chunk size of Node's file streams. */
const chunkBytes = 64 * 1024;

/**
 * Limits file system calls to a part of libuv's threads. Otherwise a slow disk or a hanging network
 * file system would block all threads, and with them new database connections.
 */
export class DiskWork {
  readonly #threads: BulkheadPolicy;

  constructor({ maxWaiting = defaultMaxWaiting } = {}) {
    this.#threads = bulkhead(threadShare(), maxWaiting);
  }

  /** Rejects with an error that `isTooMuchDiskWork` recognizes if too many calls wait. */
  run<Result>(call: () => Promise<Result>): Promise<Result> {
    return this.#threads.execute(call);
  }

  /** Streams a range of an open file, and closes the file with the stream. */
  read(file: FileHandle, range: ByteRange): Readable {
    const bytes = Readable.from(this.#chunks(file, range), { objectMode: false });
    // On close, because the stream may end without a chunk. Errors lose nothing: it was only read.
    bytes.once('close', () => file.close().catch(() => undefined));
    return bytes;
  }

  async *#chunks(file: FileHandle, { firstByte, lastByte }: ByteRange): AsyncGenerator<Buffer> {
    for (let position = firstByte; position <= lastByte; ) {
      const length = Math.min(chunkBytes, lastByte + 1 - position);
      const chunk = Buffer.allocUnsafe(length);
      const { bytesRead } = await this.run(() => file.read({ buffer: chunk, position }));
      // The file has become shorter: the reader gets fewer bytes than announced.
      if (bytesRead === 0) return;
      position += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  }
}

/** Whether the error means that too many calls wait for the file system. */
export function isTooMuchDiskWork(error: unknown): boolean {
  return error instanceof BulkheadRejectedError;
}
