import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { acceptedEncoding, type ContentEncoding } from './accepted-encoding.ts';

const compress = promisify(gzip);

/** A file that is the same for everybody, ready to be sent. */
export interface StaticFile {
  readonly contentType: string;
  readonly cacheControl: string;
  readonly body: Buffer;
  /** The same bytes in the encodings that exist. */
  readonly encoded: Readonly<Partial<Record<ContentEncoding, Buffer>>>;
  readonly etag: string;
}

type Headers = Pick<StaticFile, 'contentType' | 'cacheControl'>;

/** Compresses and names the bytes of a file once, so that sending it costs nothing. */
export async function staticFile(text: string, headers: Headers): Promise<StaticFile> {
  const body = Buffer.from(text);
  return preparedFile(body, { gzip: await compress(body) }, headers);
}

/** A file whose encodings were made before, by a build. */
export function preparedFile(
  body: Buffer,
  encoded: StaticFile['encoded'],
  headers: Headers,
): StaticFile {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  return { ...headers, body, encoded, etag: `"${hash}"` };
}

/** Sends a file in an encoding that the client accepts, or 304 if the client has it. */
export function sendStaticFile(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { contentType, cacheControl, body, encoded, etag }: StaticFile,
): void {
  // Weak: the bytes are those of the file, whatever their encoding.
  outgoing.setHeader('ETag', `W/${etag}`);
  outgoing.setHeader('Cache-Control', cacheControl);
  outgoing.appendHeader('Vary', 'Accept-Encoding');
  if (incoming.headers['if-none-match']?.includes(etag) === true) {
    outgoing.writeHead(304).end();
    return;
  }
  const encoding = acceptedEncoding(incoming.headers['accept-encoding'], encoded);
  const bytes = encoding === undefined ? body : (encoded[encoding] ?? body);
  if (encoding !== undefined) outgoing.setHeader('Content-Encoding', encoding);
  outgoing.setHeader('Content-Type', contentType);
  outgoing.setHeader('Content-Length', bytes.length);
  outgoing.writeHead(200).end(bytes);
}
