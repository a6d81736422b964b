import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, type Logger } from '@secureconnect/service';
import type { ByteRange, ServedStore } from '../objects/object-store.ts';
import { isNotModified, mayServeRange } from './conditions.ts';
import { attachment } from './content-disposition.ts';
import { parseRange } from './range.ts';
import { sendChunks } from './send-chunks.ts';

/** A client that reads nothing for this long is gone. */
const idleMs = 60_000;
/** Up to this size, one read and one write cost less than a stream. */
const maxAtOnceBytes = 256 * 1024;

/** The bytes of an uploaded file, and their headers. */
export interface Content {
  readonly objectId: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly fileName: string;
}

export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly log: Logger;
}

/** Answers GET and HEAD for an object: 200, 206, 304 or 416. Throws NOT_FOUND if it is gone. */
export async function sendObject(
  objects: ServedStore,
  content: Content,
  exchange: Exchange,
): Promise<void> {
  const { incoming, outgoing } = exchange;
  const { headers, method } = incoming;
  const etag = `"${content.sha256}"`;
  if (isNotModified(headers['if-none-match'], etag)) {
    setHeaders(outgoing, 304, content).end();
    return;
  }
  // Range applies only to GET (RFC 9110, 14.2).
  const useRange = method === 'GET' && mayServeRange(headers['if-range']?.toString(), etag);
  const range = parseRange(useRange ? headers.range : undefined, content.sizeBytes);
  if (range === 'unsatisfiable') {
    setHeaders(outgoing, 416, content).setHeader('Content-Range', `bytes */${content.sizeBytes}`);
    outgoing.end();
  } else if (method === 'HEAD') {
    setHeaders(outgoing, 200, content).setHeader('Content-Length', content.sizeBytes);
    outgoing.end();
  } else {
    await sendRange(objects, content, range, exchange);
  }
}

function setHeaders(outgoing: ServerResponse, status: number, content: Content): ServerResponse {
  outgoing.statusCode = status;
  outgoing.setHeader('ETag', `"${content.sha256}"`);
  outgoing.setHeader('Accept-Ranges', 'bytes');
  // Clients must revalidate: the file may have been deleted, or the link may have expired.
  outgoing.setHeader('Cache-Control', 'private, no-cache');
  outgoing.setHeader('Content-Disposition', attachment(content.fileName));
  // Uploaded files must not run as pages of this origin.
  outgoing.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  outgoing.setHeader('X-Content-Type-Options', 'nosniff');
  if (status !== 416) outgoing.setHeader('Content-Type', content.contentType);
  return outgoing;
}

async function sendRange(
  objects: ServedStore,
  content: Content,
  asked: ByteRange | 'whole',
  { outgoing, log }: Exchange,
): Promise<void> {
  const { objectId, sizeBytes } = content;
  const range = asked === 'whole' ? { firstByte: 0, lastByte: sizeBytes - 1 } : asked;
  const { firstByte, lastByte } = range;
  const lengthBytes = lastByte - firstByte + 1;
  const body =
    lengthBytes <= maxAtOnceBytes
      ? await objects.readAtOnce(objectId, range)
      : await objects.open(objectId, range);
  if (body === undefined) {
    // It was deleted a moment ago, or the store has lost it.
    log.warn({ object_id: objectId }, 'object of a file is missing');
    throw new ApiError('NOT_FOUND', 'There is no such file.');
  }
  setHeaders(outgoing, asked === 'whole' ? 200 : 206, content);
  outgoing.setHeader('Content-Length', lengthBytes);
  if (asked !== 'whole') {
    outgoing.setHeader('Content-Range', `bytes ${firstByte}-${lastByte}/${sizeBytes}`);
  }
  outgoing.setTimeout(idleMs, () => outgoing.destroy());
  if (body instanceof Uint8Array) outgoing.end(body);
  else await sendChunks(body, outgoing);
}
