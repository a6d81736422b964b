import { randomUUID } from 'node:crypto';
import type { Probes } from '@secureconnect/degraded-mode';
import { createServerProbes, epochKey } from '@secureconnect/degraded-mode/ioredis/parts';
import { createArrivals } from './arrivals.ts';
import type { RedisCommands } from './client.ts';
import { createHearsItself } from './hears-itself.ts';
import type { ChannelSubscriber } from './link.ts';
import { readServer, type ServerFound } from './server-found.ts';
import { createUses } from './uses.ts';

export interface ProbedConnections {
  readonly redis: RedisCommands;
  readonly subscriber: ChannelSubscriber;
  /** Called at the first contact and after each outage. */
  readonly onServer: (found: ServerFound) => void;
  /** Called with whether this process hears its own messages, though Redis takes them. */
  readonly onHeard: (heard: boolean) => void;
}

/** The monitor's view of one Redis, through both connections of a process. */
export function createProbes({ redis, subscriber, onServer, onHeard }: ProbedConnections): Probes {
  const processId = randomUUID();
  const arrivals = createArrivals(subscriber);
  const uses = createUses(redis, processId);
  const hearsItself = createHearsItself({ redis, subscriber, arrivals, onHeard }, processId);
  return createServerProbes({
    ping: () => redis.ping(),
    role: async () => (await redis.role())[0],
    async info() {
      const info = await redis.info('server');
      onServer(readServer(info));
      return info;
    },
    epochKey: epochKey(redis, redis.keyspace.epoch(processId)),
    alsoProbe: () => Promise.all([uses(), hearsItself.probe()]),
    alsoPing: () => subscriber.ping(),
  });
}
