import type { IncomingMessage } from 'node:http';
import { ApiError } from './api-error.ts';

/** The announced length of a body, in bytes. Throws PAYLOAD_TOO_LARGE. */
export function refuseAnnounced(
  { headers }: Pick<IncomingMessage, 'headers'>,
  limitBytes: number,
): number {
  const announcedBytes = Number(headers['content-length'] ?? 0);
  if (announcedBytes > limitBytes) throw bodyTooLarge(limitBytes);
  return announcedBytes;
}

/** The error for a body over the limit. */
export function bodyTooLarge(limitBytes: number): ApiError {
  return new ApiError(
    'PAYLOAD_TOO_LARGE',
    `The body is too large; the maximum is ${limitBytes} bytes.`,
  );
}
