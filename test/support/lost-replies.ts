import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a service that passes requests on and is cut when a reply comes. */
export interface LostReplies extends AsyncDisposable {
  readonly url: string;
}

/**
 * Opens such a way. A client sees its connection reset once the service has begun to reply, so what
 * it asked for has been done.
 */
export async function loseReplies(target: string): Promise<LostReplies> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // The resets are the purpose; the other side learns of each by its own end.
      socket.on('error', () => undefined);
      socket.once('close', () => sockets.delete(socket));
    }
    client.pipe(upstream);
    upstream.once('data', () => {
      client.resetAndDestroy();
      upstream.resume();
      upstream.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the way has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
