import type { Redis } from 'ioredis';

const tickMs = 250;

/**
 * Pings an idle connection, because a server with a `timeout` of a second would end it. A failed
 * ping needs no handling: the connection ends (silence.ts) or answers the next one. Returns a
 * function that ends the pings.
 */
export function keepAlive(client: Redis): () => void {
  let bytesRead = 0;
  const timer = setInterval(() => {
    if (client.status !== 'ready') return;
    const isIdle = client.stream.bytesRead === bytesRead && client.commandQueue.length === 0;
    bytesRead = client.stream.bytesRead;
    if (isIdle) client.ping().catch(() => undefined);
  }, tickMs);
  timer.unref();
  return () => clearInterval(timer);
}
