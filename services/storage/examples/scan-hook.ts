/**
 * An example of a scan hook: `node services/storage/examples/scan-hook.ts [PORT]` (8090), with
 * SCAN_URL=http://localhost:8090/ for storage. It finds the EICAR test file, wherever it stands in
 * the bytes; a real one hands them to its scanner in the same place.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** What scanners call infected for a test; in two pieces, so that they leave this file alone. */
const signature = Buffer.from(
  'X5O!P%@AP[4\\PZX54(P^)7CC)7}$' + 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*',
);

/** Reads everything once and keeps no more of it than the signature is long. */
async function isClean(bytes: AsyncIterable<Uint8Array>): Promise<boolean> {
  let tail = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const seen = Buffer.concat([tail, chunk]);
    if (seen.includes(signature)) return false;
    tail = seen.subarray(Math.max(0, seen.length - signature.length + 1));
  }
  return true;
}

/** What storage POSTs, as far as this hook needs it. */
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
  answer(request, response).catch((error: unknown) => {
    // Neither clean nor infected: storage asks again later.
    process.stderr.write(`${error}\n`);
    response.statusCode = 500;
    response.end();
  });
});
server.listen(Number(process.argv[2] ?? 8090), () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`scan hook on port ${port}\n`);
});
