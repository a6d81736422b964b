import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { bodyTooLarge, refuseAnnounced } from '@secureconnect/service';

/**
 * The body of a request as a stream. Destroying the stream leaves the client's connection open for
 * the reply.
 *
 * @param limitBytes a longer body is refused: at once if its length is announced, otherwise while
 *   streaming. Throws PAYLOAD_TOO_LARGE, or ends the stream with it.
 */
export function requestBody(incoming: IncomingMessage, limitBytes: number): Readable {
  refuseAnnounced(incoming, limitBytes);
  return Readable.from(counted(incoming, limitBytes), { objectMode: false });
}

/**
 * The body of a request that has arrived whole; null if there is none, undefined if the client is
 * still sending it. It is one write to the instance instead of a stream.
 *
 * @param limitBytes Throws PAYLOAD_TOO_LARGE for a longer body
 */
export function arrivedBody(
  incoming: IncomingMessage,
  limitBytes: number,
): Buffer | null | undefined {
  const { headers } = incoming;
  const isChunked = headers['transfer-encoding'] !== undefined;
  if (!isChunked && refuseAnnounced(incoming, limitBytes) === 0) return null;
  if (!incoming.complete || incoming.readableDidRead) return undefined;
  if (incoming.readableLength > limitBytes) throw bodyTooLarge(limitBytes);
  const body: Buffer | null = incoming.read();
  // Nothing is left but its end.
  incoming.resume();
  return body;
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
