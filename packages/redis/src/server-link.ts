import type { SentinelAddress, SingleAddress } from '@secureconnect/degraded-mode/ioredis';
import {
  disconnect,
  endSilentConnections,
  firstConnect,
  followFailovers,
  watchConnection,
} from '@secureconnect/degraded-mode/ioredis/parts';
import { activeTracing } from '@secureconnect/service';
import { createClient } from './client.ts';
import { keepAlive } from './keep-alive.ts';
import type { Link, LinkOptions } from './link.ts';
import { createProbes } from './probes.ts';
import { Subscriber } from './subscriber.ts';
import { traceCommands } from './traced-commands.ts';

/** A connection for commands and one for pub/sub, to one server or to the master of a set. */
export function openServerLink(
  address: SingleAddress | SentinelAddress,
  options: LinkOptions,
): Link {
  const commands = createClient(address, options.keyPrefix);
  const subscriber = Subscriber.of(address);
  const clients = [commands, subscriber];
  const tracing = activeTracing();
  if (tracing !== undefined) traceCommands(commands, tracing);
  for (const client of clients) watchConnection(client, options);
  const stopWatching = endSilentConnections(() => clients);
  const letGo = keepAlive(subscriber);
  let stopFollowing = async (): Promise<void> => undefined;
  return {
    commands,
    subscriber,
    probes: createProbes({ redis: commands, subscriber, ...options }),
    subscribeAgain: () => subscriber.subscribeAgain(),
    async connect() {
      stopFollowing = followFailovers(address, clients);
      await Promise.all(clients.map(firstConnect));
    },
    async close() {
      stopWatching();
      letGo();
      await Promise.all([...clients.map(disconnect), stopFollowing()]);
    },
  };
}
