import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { ApiError } from '@secureconnect/service';
import type { Bytes } from '../objects/object-store.ts';
import type { AllowedUpload } from '../signed-urls.ts';
import { sameMediaType } from './media-type.ts';

/** A client that sends nothing for this long is gone. */
const idleMs = 30_000;
/** Maximum bytes of a refused body that are read so that its sender sees the refusal. */
const maxDiscardedBytes = 4 * 1024 * 1024;

/** Throws unless the headers match the URL. `Content-Length` is optional. */
export function checkUploadHeaders(headers: IncomingHttpHeaders, allowed: AllowedUpload): void {
  if (headers['content-encoding'] !== undefined) {
    throw new ApiError(
      'UNSUPPORTED_MEDIA_TYPE',
      'Content-Encoding is not supported; send the bytes as they are.',
    );
  }
  if (!sameMediaType(headers['content-type'] ?? '', allowed.contentType)) {
    const expected = `Wrong Content-Type; send Content-Type: ${allowed.contentType}.`;
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', expected);
  }
  const announced = headers['content-length'];
  if (announced === undefined) return;
  if (Number(announced) > allowed.sizeBytes) throw wrongLength('longer', allowed);
  if (Number(announced) < allowed.sizeBytes) throw wrongLength('shorter', allowed);
}

/** The error for a body whose length differs from the one announced at upload-url. */
export function wrongLength(found: 'longer' | 'shorter', { sizeBytes }: AllowedUpload): ApiError {
  const message = `The body is ${found} than announced; send exactly ${sizeBytes} bytes.`;
  if (found === 'longer') return new ApiError('PAYLOAD_TOO_LARGE', message);
  const details = [{ field: 'body', message: `expected ${sizeBytes} bytes` }];
  return new ApiError('VALIDATION_ERROR', message, { details });
}

/** The body as a stream. Reading that stops early leaves the connection open for a reply. */
export function bodyOf(incoming: IncomingMessage): Bytes {
  incoming.setTimeout(idleMs, () => incoming.destroy());
  return incoming.iterator({ destroyOnReturn: false });
}

/**
 * Reads the rest of a refused body, within bounds. Closing a connection with unread bytes would
 * reset it, and the sender would never see the reason for the refusal.
 */
export async function discardBody(incoming: IncomingMessage): Promise<void> {
  if (incoming.destroyed || incoming.readableEnded) return;
  let discardedBytes = 0;
  try {
    for await (const chunk of bodyOf(incoming)) {
      discardedBytes += chunk.length;
      if (discardedBytes > maxDiscardedBytes) return;
    }
  } catch (error) {
    // The sender has disconnected, so nobody is left to see the refusal.
    if (incoming.errored === null) throw error;
  }
}
