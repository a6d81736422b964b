import type { Redis } from 'ioredis';

const tickMs = 250;
const silentTicks = 4;

interface Watched {
  readonly client: Redis;
  bytesRead: number;
  ticks: number;
}

/**
 * Ends connections on which replies are awaited and nothing has arrived for a second, as after a
 * cable was pulled: TCP itself would wait for a quarter of an hour. The client then connects anew.
 * Counts ticks, not time, so that a process that was itself asleep does not blame the connection.
 * Returns what ends the watch.
 */
export function endSilentConnections(clients: readonly Redis[]): () => void {
  const watched: Watched[] = clients.map((client) => ({ client, bytesRead: 0, ticks: 0 }));
  const timer = setInterval(() => {
    for (const one of watched) look(one);
  }, tickMs);
  timer.unref();
  return () => clearInterval(timer);
}

function look(watched: Watched): void {
  const { client } = watched;
  const awaitsReplies = client.status === 'ready' && client.commandQueue.length > 0;
  const bytesRead = awaitsReplies ? client.stream.bytesRead : 0;
  const isSilent = awaitsReplies && bytesRead === watched.bytesRead;
  watched.ticks = isSilent ? watched.ticks + 1 : 0;
  watched.bytesRead = bytesRead;
  if (watched.ticks < silentTicks) return;
  watched.ticks = 0;
  client.stream.destroy(new Error(`no reply within ${tickMs * silentTicks} ms`));
}
