import { type RedisServer, startRedis } from '@secureconnect/embedded';
import { epochMs } from '../support/child.ts';
import { BlackHole } from './black-hole.ts';

export const faultNames = ['kill', 'freeze', 'black hole'] as const;
export type FaultName = (typeof faultNames)[number];

/** A Redis that can be made to fail; both times are milliseconds since the epoch. */
export interface FaultyRedis extends AsyncDisposable {
  readonly url: string;
  /** Resolves to when the fault began. */
  begin(): Promise<number>;
  /** Resolves to when Redis served again. */
  end(): Promise<number>;
}

/** Starts a real Redis in `dir` with one fault in store. */
export async function faultyRedis(fault: FaultName, dir: string): Promise<FaultyRedis> {
  const redis = await startRedis({ dir, appendOnly: true });
  if (fault === 'kill') return killed(redis);
  if (fault === 'freeze') return frozen(redis);
  return unreachable(redis, await BlackHole.before(redis.port));
}

function killed(redis: RedisServer): FaultyRedis {
  return {
    url: redis.url,
    async begin() {
      const began = epochMs();
      await redis.kill();
      return began;
    },
    async end() {
      await redis.restart();
      return epochMs();
    },
    [Symbol.asyncDispose]: () => redis.stop(),
  };
}

function frozen(redis: RedisServer): FaultyRedis {
  return {
    url: redis.url,
    async begin() {
      redis.freeze();
      return epochMs();
    },
    async end() {
      redis.thaw();
      return epochMs();
    },
    [Symbol.asyncDispose]: () => redis.stop(),
  };
}

function unreachable(redis: RedisServer, hole: BlackHole): FaultyRedis {
  return {
    url: hole.url,
    async begin() {
      hole.open();
      return epochMs();
    },
    async end() {
      hole.close();
      return epochMs();
    },
    async [Symbol.asyncDispose]() {
      await hole[Symbol.asyncDispose]();
      await redis.stop();
    },
  };
}
