import type { Redis } from 'ioredis';

const tickMs = 250;
const silentTicks = 4;

interface Silence {
  bytesRead: number;
  ticks: number;
}

/**
 * Ends connections with pending replies on which nothing has arrived for a second, for example
 * after a cable was pulled: TCP itself would wait for a quarter of an hour. The client then
 * reconnects. It counts ticks, not time, so that a pause of this process does not count. Returns a
 * function that ends the watch.
 */
export function endSilentConnections(connections: () => readonly Redis[]): () => void {
  const silences = new WeakMap<Redis, Silence>();
  const timer = setInterval(() => {
    for (const client of connections()) {
      const silence = silences.get(client) ?? { bytesRead: 0, ticks: 0 };
      silences.set(client, silence);
      look(client, silence);
    }
  }, tickMs);
  timer.unref();
  return () => clearInterval(timer);
}

function look(client: Redis, silence: Silence): void {
  const awaitsReplies = client.status === 'ready' && client.commandQueue.length > 0;
  const bytesRead = awaitsReplies ? client.stream.bytesRead : 0;
  const isSilent = awaitsReplies && bytesRead === silence.bytesRead;
  silence.ticks = isSilent ? silence.ticks + 1 : 0;
  silence.bytesRead = bytesRead;
  if (silence.ticks < silentTicks) return;
  silence.ticks = 0;
  client.stream.destroy(new Error(`no reply within ${tickMs * silentTicks} ms`));
}
