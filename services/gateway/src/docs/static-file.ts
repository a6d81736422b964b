import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

/** A file that is the same for everybody, ready to be sent. */
export interface StaticFile {
  readonly contentType: string;
  readonly cacheControl: string;
  readonly body: Buffer;
  readonly compressed: Buffer;
  readonly etag: string;
}

/** Compresses and names the bytes of a file once, so that sending it costs nothing. */
export async function staticFile(
  text: string,
  { contentType, cacheControl }: Pick<StaticFile, 'contentType' | 'cacheControl'>,
): Promise<StaticFile> {
  const body = Buffer.from(text);
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  return { contentType, cacheControl, body, compressed: await compress(body), etag: `"${hash}"` };
}

/** Sends a file, compressed if the client accepts that, or 304 if the client has it. */
export function sendStaticFile(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { contentType, cacheControl, body, compressed, etag }: StaticFile,
): void {
  // Weak: the bytes are those of the file, whatever their encoding.
  outgoing.setHeader('ETag', `W/${etag}`);
  outgoing.setHeader('Cache-Control', cacheControl);
  outgoing.appendHeader('Vary', 'Accept-Encoding');
  if (incoming.headers['if-none-match']?.includes(etag) === true) {
    outgoing.writeHead(304).end();
    return;
  }
  const isCompressed = takesGzip(incoming.headers['accept-encoding']);
  const bytes = isCompressed ? compressed : body;
  if (isCompressed) outgoing.setHeader('Content-Encoding', 'gzip');
  outgoing.setHeader('Content-Type', contentType);
  outgoing.setHeader('Content-Length', bytes.length);
  outgoing.writeHead(200).end(bytes);
}

function takesGzip(acceptEncoding: string | string[] | undefined): boolean {
  const codings = String(acceptEncoding ?? '')
    .toLowerCase()
    .split(',');
  return codings.some((coding) => {
    const [name, weight = 'q=1'] = coding.split(';').map((part) => part.trim());
    return name === 'gzip' && Number(weight.replace('q=', '')) > 0;
  });
}
