import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** How often each key was accepted. */
  readonly accepted: ReadonlyMap<string, number>;
}

/** Accepts effects after some milliseconds, and refuses a share of them for now. */
export async function startReceiver(options: { readonly refusedShare: number }): Promise<Receiver> {
  const accepted = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const key = String(request.headers['idempotency-key']);
    const isRefused = Math.random() < options.refusedShare;
    // Recorded before the reply: a worker that dies meanwhile does not know.
    if (!isRefused) accepted.set(key, (accepted.get(key) ?? 0) + 1);
    await delay(20 * Math.random());
    response.writeHead(isRefused ? 503 : 204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the receiver has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    accepted,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
