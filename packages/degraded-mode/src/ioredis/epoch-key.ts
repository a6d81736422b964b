import type { RedisCommander } from 'ioredis';
import { type EpochKey, epochTtlSeconds } from '../redis/data-watch.ts';

/** The key by which a process watches the data, on a client of ioredis. */
export function epochKey(redis: RedisCommander, key: string): EpochKey {
  return {
    read: () => redis.get(key),
    write: (epoch) => redis.set(key, epoch, 'EX', epochTtlSeconds),
  };
}
