import { randomUUID } from 'node:crypto';
import { type DataChange, type Probes, worseChange } from '@secureconnect/degraded-mode';
import type { Redis } from 'ioredis';
import { CannotServe } from './classify.ts';
import type { RedisCommands } from './client.ts';
import { createHearsItself } from './hears-itself.ts';
import { readServer, type ServerFound } from './server-found.ts';
import { createUses } from './uses.ts';

const epochTtlSeconds = 86_400;

export interface ProbedConnections {
  readonly redis: RedisCommands;
  readonly subscriber: Redis;
  /** Told at the first contact and after each outage. */
  readonly onServer: (found: ServerFound) => void;
}

/**
 * The monitor's view of one Redis, through both connections of a process. Each process counts up a
 * key of its own: a server that gives back less than was acknowledged has lost data, whatever other
 * processes have written since.
 */
export function createProbes({ redis, subscriber, onServer }: ProbedConnections): Probes {
  const processId = randomUUID();
  const key = redis.keyspace.epoch(processId);
  const uses = createUses(redis, processId);
  const hearsItself = createHearsItself(redis, subscriber, processId);
  let attempted = 0;
  let acknowledged = 0;
  let runId: string | undefined;
  let worst: DataChange = 'sameData';

  /** Before anything is written: a write whose reply is lost would hide what was lost before it. */
  async function noteLoss(): Promise<void> {
    const found = await redis.get(key);
    if (acknowledged === 0) return;
    if (found === null) worst = worseChange(worst, 'empty');
    else if (Number(found) < acknowledged) worst = worseChange(worst, 'rolledBack');
  }

  async function writeAndReadBack(): Promise<void> {
    attempted += 1;
    const epoch = attempted;
    const written = redis.set(key, epoch, 'EX', epochTtlSeconds);
    const [, readBack] = await Promise.all([written, redis.get(key)]);
    if (Number(readBack) !== epoch) throw new CannotServe('not read back set');
    acknowledged = epoch;
  }

  async function isMaster(): Promise<void> {
    const [role] = await redis.role();
    if (role !== 'master') throw new CannotServe('READONLY role');
  }

  async function dataIsKept(): Promise<void> {
    await noteLoss();
    await writeAndReadBack();
  }

  return {
    async full() {
      await Promise.all([redis.ping(), isMaster(), dataIsKept(), uses(), hearsItself()]);
    },
    async ping() {
      await Promise.all([redis.ping(), subscriber.ping()]);
    },
    async dataChange() {
      const info = await redis.info('server');
      onServer(readServer(info));
      const seen = /^run_id:(\w+)/m.exec(info)?.[1];
      if (runId === undefined) worst = worseChange(worst, 'firstContact');
      else if (seen !== runId) worst = worseChange(worst, 'restarted');
      runId = seen;
      const result = worst;
      worst = 'sameData';
      return result;
    },
  };
}
