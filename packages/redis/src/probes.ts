import { randomUUID } from 'node:crypto';
import type { DataChange, Probes } from '@secureconnect/degraded-mode';
import type { RedisCommands } from './client.ts';

const epochTtlSeconds = 86_400;

/** Which data change counts for more when several were seen before a recovery. */
const severity: Readonly<Record<DataChange, number>> = {
  sameData: 0,
  restarted: 1,
  firstContact: 2,
  rolledBack: 3,
  empty: 4,
};

/**
 * The monitor's view of one Redis. Each process counts up a key of its own: a server that gives
 * back less than was acknowledged has lost data, whatever other processes have written since.
 */
export function createProbes(redis: RedisCommands): Probes {
  const key = `secureconnect:epoch:${randomUUID()}`;
  let attempted = 0;
  let acknowledged = 0;
  let runId: string | undefined;
  let worst: DataChange = 'sameData';

  const noteEpoch = (previous: string | null): void => {
    if (acknowledged === 0) return;
    if (previous === null) worst = worse(worst, 'empty');
    else if (Number(previous) < acknowledged) worst = worse(worst, 'rolledBack');
  };

  return {
    async full() {
      attempted += 1;
      const epoch = String(attempted);
      const [, role, previous, readBack] = await Promise.all([
        redis.ping(),
        redis.role(),
        redis.set(key, epoch, 'EX', epochTtlSeconds, 'GET'),
        redis.get(key),
      ]);
      if (role[0] !== 'master') throw new ProbeError('READONLY', `its role is ${String(role[0])}`);
      if (readBack !== epoch) throw new ProbeError('MISCONF', 'a write could not be read back');
      noteEpoch(previous);
      acknowledged = attempted;
    },
    async ping() {
      await redis.ping();
    },
    async dataChange() {
      const seen = /^run_id:(\w+)/m.exec(await redis.info('server'))?.[1];
      if (runId === undefined) worst = worse(worst, 'firstContact');
      else if (seen !== runId) worst = worse(worst, 'restarted');
      runId = seen;
      const result = worst;
      worst = 'sameData';
      return result;
    },
  };
}

function worse(one: DataChange, other: DataChange): DataChange {
  return severity[other] > severity[one] ? other : one;
}

/** Speaks like an error reply of Redis, so that it is classified like one. */
class ProbeError extends Error {
  override readonly name = 'ReplyError';
  constructor(code: string, what: string) {
    super(`${code} ${what}`);
  }
}
