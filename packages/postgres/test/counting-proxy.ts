import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CountingProxy extends AsyncDisposable {
  /** The URL of the database through the proxy. */
  readonly url: string;
  /** The number of round trips so far: how often the server was ready for the next query. */
  readonly roundTrips: () => number;
}

/** `ReadyForQuery` of the protocol's version 3, with which each answer ends. */
const readyForQuery = 'Z'.charCodeAt(0);

/** A proxy of a database that counts round trips. */
export async function countingProxy(databaseUrl: string): Promise<CountingProxy> {
  const target = new URL(databaseUrl);
  const { hostname, port } = target;
  const sockets = new Set<Socket>();
  let roundTrips = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    client.pipe(upstream).pipe(client);
    let unread = Buffer.alloc(0);
    upstream.on('data', (chunk: Buffer) => {
      unread = Buffer.concat([unread, chunk]);
      // A message is its type, the length of the rest, and the rest.
      while (unread.length >= 5) {
        const length = 1 + unread.readInt32BE(1);
        if (unread.length < length) return;
        if (unread[0] === readyForQuery) roundTrips += 1;
        unread = unread.subarray(length);
      }
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  target.host = `127.0.0.1:${address.port}`;
  return {
    url: target.href,
    roundTrips: () => roundTrips,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
