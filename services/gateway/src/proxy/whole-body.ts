import type { IncomingMessage } from 'node:http';
import { ApiError } from '@secureconnect/service';
import { requestBody } from './request-body.ts';

/** Some hundred bytes over the slowest line. */
const longestMs = 10_000;

/**
 * The body of a request that the gateway has to look at, read whole; empty where there is none.
 *
 * @param limitBytes a longer one is refused. Throws PAYLOAD_TOO_LARGE, or VALIDATION_ERROR for a body
 *   that breaks off or takes longer than ten seconds.
 */
export async function wholeBody(incoming: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const body = requestBody(incoming, limitBytes);
  if (body === null) return Buffer.alloc(0);
  const signal = AbortSignal.timeout(longestMs);
  try {
    return Buffer.concat(await body.toArray({ signal }));
  } catch (error) {
    if (error instanceof ApiError) throw error;
    const message = signal.aborted
      ? 'The body did not arrive in time; send it again.'
      : 'The body ended before it was complete.';
    throw new ApiError('VALIDATION_ERROR', message);
  }
}
