import { lookup } from 'node:dns/promises';
import type { Redis } from 'ioredis';
import type { RedisAddress, SentinelAddress } from '../redis/address.ts';
import type { HostPort } from '../redis/host-port.ts';
import { disconnect } from './connecting.ts';
import { sentinelClient } from './sentinel-client.ts';

const channel = '+switch-master';

/**
 * Leaves a master as soon as the sentinels name a different one: a demoted master may accept writes
 * for ten more seconds, all of which are lost. (The `failoverDetector` of ioredis does this too,
 * but it can permanently end a client that is looking for its master, and has no listener for
 * errors.) Returns a function that ends the watch.
 */
export function followFailovers(
  address: RedisAddress,
  clients: readonly Redis[],
): () => Promise<void> {
  if (address.kind !== 'sentinel') return async () => undefined;
  const sentinels = address.sentinels.map((sentinel) => listen(sentinel, address));
  for (const sentinel of sentinels) {
    sentinel.on('message', (_channel: string, text: string) => {
      // "mymaster old-host old-port new-host new-port"
      const [name, , , host = '', port] = text.split(' ');
      if (name !== address.masterName) return;
      const master = address.natMap?.[`${host}:${port}`] ?? { host, port: Number(port) };
      void leaveOthers(clients, master);
    });
  }
  return async () => {
    await Promise.all(sentinels.map(disconnect));
  };
}

function listen(endpoint: HostPort, address: SentinelAddress): Redis {
  const sentinel = sentinelClient(endpoint, address);
  sentinel.on('ready', () => {
    sentinel.subscribe(channel).catch(() => sentinel.disconnect(true));
  });
  return sentinel;
}

/** Every sentinel reports it; clients that have found the new master stay there. */
async function leaveOthers(clients: readonly Redis[], { host, port }: HostPort): Promise<void> {
  const master = await addressOf(host);
  for (const client of clients) {
    if (client.status !== 'ready') continue;
    const { remoteAddress, remotePort } = client.stream;
    if (remoteAddress !== master || remotePort !== port) client.disconnect(true);
  }
}

/** The IP address of a host; undefined if there is none, so that nothing matches it. */
async function addressOf(host: string): Promise<string | undefined> {
  try {
    return (await lookup(host)).address;
  } catch {
    return undefined;
  }
}
