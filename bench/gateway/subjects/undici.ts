import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import type { SubjectSettings } from '../names.ts';

/** Forwards and does nothing else: the floor of a proxy in Node.js. */
export async function undiciProxy({ upstreamUrl }: SubjectSettings): Promise<number> {
  const pool = new Pool(upstreamUrl, { connections: 64 });
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', rawHeaders } = incoming;
    const body = method === 'GET' ? null : incoming;
    const request = { method, path: url, headers: rawHeaders, body } as const;
    pool
      .stream({ ...request, method: method as 'GET' }, ({ statusCode, headers }) =>
        outgoing.writeHead(statusCode, headers),
      )
      .catch(() => outgoing.destroy());
  });
  server.keepAliveTimeout = 65_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
