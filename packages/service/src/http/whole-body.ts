import type { IncomingMessage } from 'node:http';
import { ApiError } from './api-error.ts';
import { bodyTooLarge, refuseAnnounced } from './body-limit.ts';

/** Allows some hundred bytes over the slowest line. */
const defaultTimeoutMs = 10_000;

/**
 * Reads the whole body of a request that a service reads itself; empty if there is none.
 *
 * @param limitBytes a longer body is refused. Throws PAYLOAD_TOO_LARGE, or VALIDATION_ERROR for a
 *   body that is incomplete or takes longer than ten seconds.
 */
export async function wholeBody(
  incoming: IncomingMessage,
  limitBytes: number,
  timeoutMs: number = defaultTimeoutMs,
): Promise<Buffer> {
  refuseAnnounced(incoming, limitBytes);
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  const listeners = {
    data(chunk: Buffer) {
      bytes += chunk.length;
      if (bytes > limitBytes) reject(bodyTooLarge(limitBytes));
      else chunks.push(chunk);
    },
    end: () => resolve(Buffer.concat(chunks)),
    error: () => reject(incomplete('The body is incomplete; send it again.')),
    close: () => reject(incomplete('The body is incomplete; send it again.')),
  };
  const tooLate = () => reject(incomplete('The body did not arrive in time; send it again.'));
  const timer = setTimeout(tooLate, timeoutMs);
  for (const [event, listener] of Object.entries(listeners)) incoming.on(event, listener);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    for (const [event, listener] of Object.entries(listeners)) incoming.off(event, listener);
    // Nobody reads the rest; the reply ends the connection.
    incoming.pause();
  }
}

function incomplete(message: string): ApiError {
  const details = [{ field: 'body', message: 'expected a JSON object' }];
  return new ApiError('VALIDATION_ERROR', message, { details });
}
