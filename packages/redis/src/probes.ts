import { randomUUID } from 'node:crypto';
import { type DataChange, type Probes, worseChange } from '@secureconnect/degraded-mode';
import type { Redis } from 'ioredis';
import type { RedisCommands } from './client.ts';

const epochTtlSeconds = 86_400;

/**
 * The monitor's view of one Redis, through both connections of a process. Each process counts up a
 * key of its own: a server that gives back less than was acknowledged has lost data, whatever other
 * processes have written since.
 */
export function createProbes(redis: RedisCommands, subscriber: Redis): Probes {
  const key = redis.keyspace.epoch(randomUUID());
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
    if (Number(readBack) !== epoch) throw new ProbeError('MISCONF', 'a write was not read back');
    acknowledged = epoch;
  }

  async function isMaster(): Promise<void> {
    const [role] = await redis.role();
    if (role !== 'master') throw new ProbeError('READONLY', `its role is ${String(role)}`);
  }

  async function dataIsKept(): Promise<void> {
    await noteLoss();
    await writeAndReadBack();
  }

  return {
    async full() {
      // An idle subscriber is asked too: its end would show only in messages that do not arrive.
      await Promise.all([isMaster(), dataIsKept(), subscriber.ping()]);
    },
    async ping() {
      await redis.ping();
    },
    async dataChange() {
      const seen = /^run_id:(\w+)/m.exec(await redis.info('server'))?.[1];
      if (runId === undefined) worst = worseChange(worst, 'firstContact');
      else if (seen !== runId) worst = worseChange(worst, 'restarted');
      runId = seen;
      const result = worst;
      worst = 'sameData';
      return result;
    },
  };
}

/** Speaks like an error reply of Redis, so that it is classified like one. */
class ProbeError extends Error {
  override readonly name = 'ReplyError';
  constructor(code: string, what: string) {
    super(`${code} ${what}`);
  }
}
