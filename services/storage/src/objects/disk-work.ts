import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { threadShare } from '@secureconnect/service';
import { type BulkheadPolicy, BulkheadRejectedError, bulkhead } from 'cockatiel';
import { ChunkSize } from './chunk-size.ts';
import type { ByteRange, Bytes, Take } from './object-store.ts';

/**
 * Maximum file system calls that wait for a thread. Each upload and download has at most one, with
 * one chunk in memory.
 */
const defaultMaxWaiting = 2000;

/**
 * Limits file system calls to a part of libuv's threads. Otherwise a slow disk or a hanging network
 * file system would block all threads, and with them new database connections.
 */
export class DiskWork {
  readonly #threads: BulkheadPolicy;
  readonly #written = new ChunkSize();
  readonly #read = new ChunkSize();

  constructor({ maxWaiting = defaultMaxWaiting } = {}) {
    this.#threads = bulkhead(threadShare(), maxWaiting);
  }

  /** Rejects with an error that `isTooMuchDiskWork` recognizes if too many calls wait. */
  run<Result>(call: () => Promise<Result>): Promise<Result> {
    return this.#threads.execute(call);
  }

  /** Appends all bytes to an open file, as they arrive. Several chunks share a call. */
  async write(file: FileHandle, bytes: Bytes): Promise<void> {
    using _transfer = this.#written.begin();
    let chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const chunk of bytes) {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes < this.#written.bytes) continue;
      await this.#append(file, chunks, sizeBytes);
      [chunks, sizeBytes] = [[], 0];
    }
    if (sizeBytes > 0) await this.#append(file, chunks, sizeBytes);
  }

  async #append(file: FileHandle, chunks: Uint8Array[], sizeBytes: number): Promise<void> {
    const { bytesWritten } = await this.run(() => file.writev(chunks));
    if (bytesWritten === sizeBytes) return;
    // The disk took a part. It takes the rest too, or says why it does not.
    const rest = Buffer.concat(chunks).subarray(bytesWritten);
    await this.run(() => file.appendFile(rest));
  }

  /** Streams a range of an open file, and closes the file with the stream. */
  read(file: FileHandle, range: ByteRange): Readable {
    const bytes = Readable.from(this.#chunks(file, range), { objectMode: false });
    // On close, because the stream may end without a chunk. Errors lose nothing: it was only read.
    bytes.once('close', () => file.close().catch(() => undefined));
    return bytes;
  }

  /**
   * Passes a range of an open file to `take` in chunks, which are valid until `take` resolves. Two
   * buffers take turns, one being filled while the other is taken: a new buffer for each chunk would
   * cost more time for collecting garbage than the reads take.
   */
  async send(file: FileHandle, range: ByteRange, take: Take): Promise<void> {
    using _transfer = this.#read.begin();
    const bufferBytes = Math.min(this.#read.bytes, lengthOf(range));
    let [next, taken] = [Buffer.allocUnsafe(bufferBytes), Buffer.allocUnsafe(bufferBytes)];
    let taking = Promise.resolve();
    for (let position = range.firstByte; position <= range.lastByte; ) {
      const chunk = await this.#fill(next, file, { firstByte: position, lastByte: range.lastByte });
      await taking;
      // The file has become shorter: the reader gets fewer bytes than announced.
      if (chunk.length === 0) return;
      position += chunk.length;
      taking = take(chunk);
      taking.catch(() => undefined); // It is awaited later, after a read.
      [next, taken] = [taken, next];
    }
    await taking;
  }

  /** A range of an open file at once. Shorter than the range if the file has become shorter. */
  readAtOnce(file: FileHandle, range: ByteRange): Promise<Buffer> {
    return this.#fill(Buffer.allocUnsafe(lengthOf(range)), file, range);
  }

  async *#chunks(file: FileHandle, { firstByte, lastByte }: ByteRange): AsyncGenerator<Buffer> {
    using _transfer = this.#read.begin();
    for (let position = firstByte; position <= lastByte; ) {
      const last = Math.min(lastByte, position + this.#read.bytes - 1);
      const chunk = await this.readAtOnce(file, { firstByte: position, lastByte: last });
      // The file has become shorter: the reader gets fewer bytes than announced.
      if (chunk.length === 0) return;
      position += chunk.length;
      yield chunk;
    }
  }

  /** Fills a buffer from a range, up to the end of either or of the file; returns that part of it. */
  async #fill(buffer: Buffer, file: FileHandle, range: ByteRange): Promise<Buffer> {
    const wantedBytes = Math.min(buffer.length, lengthOf(range));
    let filledBytes = 0;
    while (filledBytes < wantedBytes) {
      const [offset, length] = [filledBytes, wantedBytes - filledBytes];
      const position = range.firstByte + filledBytes;
      const { bytesRead } = await this.run(() => file.read({ buffer, offset, length, position }));
      if (bytesRead === 0) break;
      filledBytes += bytesRead;
    }
    return buffer.subarray(0, filledBytes);
  }
}

/** Whether the error means that too many calls wait for the file system. */
export function isTooMuchDiskWork(error: unknown): boolean {
  return error instanceof BulkheadRejectedError;
}

function lengthOf({ firstByte, lastByte }: ByteRange): number {
  return lastByte + 1 - firstByte;
}
