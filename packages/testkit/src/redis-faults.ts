import type { RedisServer } from '@secureconnect/embedded';
import { copyData, rollBack } from './older-copy.ts';

/** A way for Redis to fail, and to come back. */
export interface RedisFault {
  readonly name: string;
  /** Some time before the fault, for what needs an earlier state. */
  prepare?(redis: RedisServer): Promise<void>;
  begin(redis: RedisServer): Promise<void>;
  end(redis: RedisServer): Promise<void>;
}

/** What is done to a real server. */
export const redisFaults: readonly RedisFault[] = [
  {
    name: 'killed and restarted with its data',
    begin: async (redis) => redis.kill(),
    end: (redis) => redis.restart(),
  },
  {
    name: 'frozen and thawed',
    begin: async (redis) => redis.freeze(),
    end: async (redis) => redis.thaw(),
  },
  {
    name: 'killed and restarted empty',
    begin: async (redis) => redis.kill(),
    end: (redis) => redis.restart({ empty: true }),
  },
];

/** These, and the one that needs something done before it. */
export const allRedisFaults: readonly RedisFault[] = [
  ...redisFaults,
  {
    name: 'rolled back to an older copy',
    prepare: copyData,
    begin: async (redis) => redis.kill(),
    end: rollBack,
  },
];
