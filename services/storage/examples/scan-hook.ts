/**
 * An example of a scan hook: `node services/storage/examples/scan-hook.ts [PORT]` (default 8090),
 * with SCAN_URL=http://localhost:8090/ for storage. It finds the EICAR test file anywhere in the
 * bytes; a real hook passes the bytes to its scanner instead.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** The EICAR test signature, in two pieces so that scanners do not flag this file. */
const signature = Buffer.from(
  'X5O!P%@AP[4\\PZX54(P^)7CC)7}$' + 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*',
);

/** Reads the bytes once and keeps only the length of the signature in memory. */
async function isClean(bytes: AsyncIterable<Uint8Array>): Promise<boolean> {
  let tail = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const seen = Buffer.concat([tail, chunk]);
    if (seen.includes(signature)) return false;
    tail = seen.subarray(Math.max(0, seen.length - signature.length + 1));
  }
  return true;
}

/** Reads the download URL from the body that storage POSTs. */
function downloadUrlIn(body: unknown): string {
  const url: unknown = Object(body)['download_url'];
  if (typeof url !== 'string') throw new Error('expected download_url');
  return url;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const download = await fetch(downloadUrlIn(await json(request)));
  if (!download.ok || download.body === null) throw new Error(`download: ${download.status}`);
  const clean = await isClean(download.body);
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ clean }));
}

const server = createServer((request, response) => {
  if (request.method === 'OPTIONS') {
    // Storage asks whether the hook is there.
    response.writeHead(204).end();
    return;
  }
  answer(request, response).catch((error: unknown) => {
    // Neither clean nor infected: storage retries later.
    process.stderr.write(`${error}\n`);
    response.statusCode = 500;
    response.end();
  });
});
server.listen(Number(process.argv[2] ?? 8090), () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`scan hook on port ${port}\n`);
});
