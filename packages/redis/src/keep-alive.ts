import type { Redis } from 'ioredis';

const tickMs = 250;

/**
 * Pings a connection on which nothing has arrived for a while, however busy the others are: a server
 * with a `timeout` of a second would end it. A ping that fails needs nobody here: the connection ends
 * (silence.ts) or answers to the next one. Returns what ends that.
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
