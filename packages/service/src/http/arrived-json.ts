import type { IncomingMessage } from 'node:http';
import { notJson } from './error-reply.ts';
import { contextOf } from './request-context.ts';

const plainType = /^application\/json(?:; ?charset=utf-8)?$/i;
/** As strict parsing of Express: an object or an array. */
const beginsAsContainer = /^[ \t\n\r]*[{[]/;
const byteOrderMark = 0xfeff;

/**
 * The JSON of a body in its usual form that has arrived whole: of a known length within the limit,
 * in UTF-8, not compressed. Undefined for any other body, of which nothing is read. Such a body
 * needs no stream and no parser of its own for each request.
 *
 * Throws VALIDATION_ERROR if it is not valid JSON.
 */
export function arrivedJson(incoming: IncomingMessage, limitBytes: number): object | undefined {
  const { headers } = incoming;
  const bytes = Number(headers['content-length'] ?? 0);
  const isPlain =
    bytes > 0 &&
    bytes <= limitBytes &&
    headers['transfer-encoding'] === undefined &&
    headers['content-encoding'] === undefined &&
    plainType.test(headers['content-type'] ?? '');
  const isUnread = incoming.readableLength === bytes && !incoming.readableDidRead;
  if (!isPlain || !isUnread) return undefined;
  const body: Buffer = incoming.read();
  // Nothing is left but its end.
  incoming.resume();
  contextOf(incoming).isBodyRead = true;
  const text = body.toString('utf8');
  return parsed(text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text);
}

/**
 * Whether nothing of a body is still on its way. Node.js notes the end of a request after it has
 * passed on the last bytes of the body, and promises may settle in between.
 */
export function hasArrived({ complete, headers, readableLength }: IncomingMessage): boolean {
  if (complete || headers['transfer-encoding'] !== undefined) return complete;
  return readableLength === Number(headers['content-length'] ?? 0);
}

function parsed(text: string): object {
  if (!beginsAsContainer.test(text)) throw notJson();
  try {
    return JSON.parse(text);
  } catch {
    throw notJson();
  }
}
