/**
 * `node bare-http-process.ts DIRECTORY`: PUT and GET of files by their paths, and nothing else. A file
 * is hashed while it arrives, and durable before the reply, as in the storage service.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { endWithParent, tellParent } from '../support/child.ts';

/** Larger pieces need fewer calls of the file system, and made no difference beyond this. */
const pieceBytes = 256 * 1024;
const directory = process.argv[2] ?? '';

async function put(request: IncomingMessage, response: ServerResponse, path: string) {
  const unfinished = `${path}.part`;
  const hash = createHash('sha256');
  {
    await using file = await open(unfinished, 'wx');
    let pieces: Buffer[] = [];
    let bytes = 0;
    for await (const piece of request) {
      hash.update(piece);
      pieces.push(piece);
      bytes += piece.length;
      if (bytes < pieceBytes) continue;
      await file.writev(pieces);
      [pieces, bytes] = [[], 0];
    }
    if (bytes > 0) await file.writev(pieces);
    await file.sync();
  }
  await rename(unfinished, path);
  await using folder = await open(directory);
  await folder.sync();
  response.setHeader('ETag', `"${hash.digest('hex')}"`).end();
}

async function get(response: ServerResponse, path: string) {
  const { size } = await stat(path);
  response.setHeader('Content-Length', size);
  await pipeline(createReadStream(path, { highWaterMark: pieceBytes }), response);
}

endWithParent();
const server = createServer((request, response) => {
  const path = join(directory, request.url ?? '');
  const served = request.method === 'PUT' ? put(request, response, path) : get(response, path);
  served.catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
});
server.listen(0, '127.0.0.1', () => {
  tellParent({ kind: 'listening', port: (server.address() as AddressInfo).port });
});
