import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface FrozenProxy extends AsyncDisposable {
  /** The URL of the database through the proxy. */
  readonly url: string;
  /** Stops all traffic in both directions; connections stay open. */
  freeze(): void;
  thaw(): void;
}

/** A proxy of a database that can freeze, like a host or a network. */
export async function frozenProxy(databaseUrl: string): Promise<FrozenProxy> {
  const target = new URL(databaseUrl);
  const { hostname, port } = target;
  const sockets = new Set<Socket>();
  let frozen = false;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (frozen) from.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  target.host = `127.0.0.1:${address.port}`;
  const set = (to: boolean): void => {
    frozen = to;
    for (const socket of sockets) to ? socket.pause() : socket.resume();
  };
  return {
    url: target.href,
    freeze: () => set(true),
    thaw: () => set(false),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
