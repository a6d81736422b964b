import { createHash } from 'node:crypto';
import { addAbortSignal, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { Bytes } from '../objects/object-store.ts';

/** What was written of an entry. */
export interface WrittenEntry {
  readonly sizeBytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

export interface EntryOptions {
  readonly modifiedAt: Date;
  /** False for bytes that most probably are compressed already. */
  readonly compress: boolean;
}

/**
 * Writes a ZIP archive, one entry after the other, at the pace of the reader of `output`. Archives
 * and entries of over 4 GiB are in the Zip64 format. The index is at the end, so every program sees
 * that an archive was cut off.
 */
export class ZipWriter {
  readonly #zip = new ZipFile();
  readonly #aborted = new AbortController();
  #adding: Readable | undefined;

  constructor() {
    this.#zip.on('error', (error) => this.abort(error));
  }

  get output(): NodeJS.ReadableStream {
    return this.#zip.outputStream;
  }

  /** Aborted when the archive cannot be completed; then `output` must be destroyed. */
  get signal(): AbortSignal {
    return this.#aborted.signal;
  }

  /** Ends the entry that is being written; `add` rejects. */
  abort(reason: unknown): void {
    this.#aborted.abort(reason);
  }

  /** Adds an entry. Resolves when all of its bytes were read. */
  async add(
    path: string,
    bytes: Bytes,
    { compress, modifiedAt }: EntryOptions,
  ): Promise<WrittenEntry> {
    this.signal.throwIfAborted();
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const measured = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of bytes) {
        hash.update(chunk);
        sizeBytes += chunk.length;
        yield chunk;
      }
    };
    const stream = Readable.from(measured(), { objectMode: false });
    addAbortSignal(this.signal, stream);
    this.#adding = stream;
    // The library keeps this function until the end of the archive: it must not hold the stream.
    this.#zip.addReadStreamLazy(path, { compress, mtime: modifiedAt, mode: 0o100644 }, this.#take);
    await finished(stream);
    return { sizeBytes, sha256: hash.digest('hex') };
  }

  readonly #take = (callback: (error: unknown, bytes: NodeJS.ReadableStream) => void): void => {
    const stream = this.#adding;
    this.#adding = undefined;
    if (stream !== undefined) callback(undefined, stream);
  };

  /** Writes the index, after the last entry. */
  end(): void {
    this.#zip.end();
  }
}
