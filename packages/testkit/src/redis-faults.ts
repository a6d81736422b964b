import type { RedisServer } from '@secureconnect/embedded';

/** A way for Redis to fail, and to come back. */
export interface RedisFault {
  readonly name: string;
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
