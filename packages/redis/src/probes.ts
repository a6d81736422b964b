import { randomUUID } from 'node:crypto';
import type { Probes } from '@secureconnect/degraded-mode';
import { CannotServe } from './classify.ts';
import type { RedisCommands } from './client.ts';
import { DataWatch } from './data-watch.ts';
import { createHearsItself } from './hears-itself.ts';
import type { ChannelSubscriber } from './link.ts';
import { readServer, type ServerFound } from './server-found.ts';
import { createUses } from './uses.ts';

export interface ProbedConnections {
  readonly redis: RedisCommands;
  readonly subscriber: ChannelSubscriber;
  /** Called at the first contact and after each outage. */
  readonly onServer: (found: ServerFound) => void;
}

/** The monitor's view of one Redis, through both connections of a process. */
export function createProbes({ redis, subscriber, onServer }: ProbedConnections): Probes {
  const processId = randomUUID();
  const data = new DataWatch(redis, redis.keyspace.epoch(processId));
  const uses = createUses(redis, processId);
  const hearsItself = createHearsItself(redis, subscriber, processId);

  async function isMaster(): Promise<void> {
    const [role] = await redis.role();
    if (role !== 'master') throw new CannotServe('READONLY role');
  }

  return {
    async full() {
      await Promise.all([redis.ping(), isMaster(), data.check(), uses(), hearsItself()]);
    },
    async ping() {
      await Promise.all([redis.ping(), subscriber.ping()]);
    },
    async dataChange() {
      const info = await redis.info('server');
      onServer(readServer(info));
      return data.change(info);
    },
  };
}
