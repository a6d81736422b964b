import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { bodyTooLarge, refuseAnnounced } from '@secureconnect/service';

/**
 * The body of a request as a stream; null if there is none. Destroying the stream leaves the
 * client's connection open for the reply.
 *
 * @param limitBytes a longer body is refused: at once if its length is announced, otherwise while
 *   streaming. Throws PAYLOAD_TOO_LARGE, or ends the stream with it.
 */
export function requestBody(incoming: IncomingMessage, limitBytes: number): Readable | null {
  const announcedBytes = refuseAnnounced(incoming, limitBytes);
  const chunked = incoming.headers['transfer-encoding'] !== undefined;
  if (!chunked && announcedBytes === 0) return null;
  return Readable.from(counted(incoming, limitBytes), { objectMode: false });
}

async function* counted(incoming: IncomingMessage, limitBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  const chunks: AsyncIterable<Buffer> = incoming.iterator({ destroyOnReturn: false });
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > limitBytes) throw bodyTooLarge(limitBytes);
    yield chunk;
  }
}
