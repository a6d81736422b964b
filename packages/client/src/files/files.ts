import { withRetries } from '../http/retry.ts';
import type { Schemas } from '../http/routes.ts';
import { delay } from '../support/delay.ts';
import { beginParts, forgetParts, type PartsOptions } from './parts-upload.ts';
import { type BytesTarget, type PutOptions, putBytes } from './put-bytes.ts';
import { announcementOf, type UploadOptions } from './upload-options.ts';

export type StoredFile = Schemas['File'];

/** Larger files are sent in parts. */
const wholeMaxBytes = 16 * 1024 ** 2;
/** How long the bytes of one request are sent again after failures. */
const retryForMs = 60_000;
const scanPauseMs = 1000;

/** Sends files, in parts where they are large. */
export class Files {
  readonly #options: PartsOptions;

  constructor(options: PartsOptions) {
    this.#options = options;
  }

  /**
   * Sends a file. Bytes whose reply was lost are sent again. While the server scans the file, this
   * waits for the result.
   * @throws RefusedError, LostReplyError, SignedOutError, or the reason of the signal
   */
  async upload(content: Blob, options: UploadOptions): Promise<StoredFile> {
    const signal = options.signal ?? new AbortController().signal;
    const isWhole = content.size <= wholeMaxBytes;
    const fileId = isWhole
      ? await this.#sendWhole(content, options, signal)
      : await this.#sendParts(content, options, signal);
    const file = await this.#complete(fileId, signal);
    await forgetParts(this.#options.store, options);
    return file;
  }

  async #sendWhole(content: Blob, options: UploadOptions, signal: AbortSignal): Promise<string> {
    const { requester, tokens } = this.#options;
    const body = announcementOf(content, options);
    const route = 'POST /v1/storage/upload-url';
    const target = await requester.send(route, { body }, tokens, { signal });
    const onSent = (bytes: number) => options.onProgress?.(bytes, content.size);
    await put(async () => target, content, { signal, onSent });
    return target.file_id;
  }

  async #sendParts(content: Blob, options: UploadOptions, signal: AbortSignal): Promise<string> {
    const { requester, tokens } = this.#options;
    const { target, missing, ...upload } = await beginParts(
      this.#options,
      content,
      options,
      signal,
    );
    let { sentBytes } = upload;
    for (const number of missing) {
      const begin = (number - 1) * target.part_size;
      const part = content.slice(begin, begin + target.part_size);
      const request = { path: { file_id: target.file_id }, body: { part_number: number } };
      const route = 'POST /v1/storage/multipart/:file_id/part-url';
      const before = sentBytes;
      const onSent = (bytes: number) => options.onProgress?.(before + bytes, content.size);
      // A new URL for each attempt: they expire.
      await put(() => requester.send(route, request, tokens, { signal }), part, { signal, onSent });
      sentBytes += part.size;
    }
    return target.file_id;
  }

  async #complete(fileId: string, signal: AbortSignal): Promise<StoredFile> {
    const { requester, tokens } = this.#options;
    const request = { body: { file_id: fileId } };
    const route = 'POST /v1/storage/upload-complete';
    for (;;) {
      const file = await requester.send(route, request, tokens, { signal, isRepeatable: true });
      if (file.status !== 'pending') return file;
      await delay(scanPauseMs, signal);
    }
  }
}

/** The same bytes may be sent twice. */
function put(
  target: () => Promise<BytesTarget>,
  content: Blob,
  options: PutOptions,
): Promise<void> {
  const { signal } = options;
  const attempt = async () => putBytes(await target(), content, options);
  return withRetries(attempt, { retryForMs, isRepeatable: true, signal });
}
