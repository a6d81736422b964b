import { type RedisCommands, redisScript } from '@secureconnect/redis';
import type { KeyReport } from './local-limiter.ts';
import type { Window } from './window.ts';

/**
 * Raises counters to an instance's values and never lowers them, so that it is idempotent and safe
 * after a different instance. The fields are those of the consume script.
 *
 * KEYS: the hashes. ARGV: bucketMs, buckets, instance, then for each key the number of its buckets
 * and for each bucket its number, the grants through Redis and the instance's own grants.
 */
const lua = `
local bucketMs, buckets, instance = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local time = redis.call('TIME')
local current = math.floor((time[1] * 1000 + math.floor(time[2] / 1000)) / bucketMs)
local at = 4
local function raise(key, field, to)
  if tonumber(to) > tonumber(redis.call('HGET', key, field) or 0) then
    redis.call('HSET', key, field, to)
  end
end
for _, key in ipairs(KEYS) do
  local count = tonumber(ARGV[at])
  at = at + 1
  for _ = 1, count do
    local bucket, shared, own = ARGV[at], ARGV[at + 1], ARGV[at + 2]
    at = at + 3
    if math.abs(current - tonumber(bucket)) <= buckets then
      raise(key, bucket, shared)
      raise(key, bucket .. ':' .. instance, own)
      redis.call('PEXPIRE', key, bucketMs * (buckets + 2))
    end
  end
end
return #KEYS
`;

export type HandOver = (reports: readonly KeyReport[]) => Promise<void>;

/** Hands this instance's counters of some keys of one shard over to Redis, in one call. */
export function handOverScript(redis: RedisCommands, window: Window, instance: string): HandOver {
  const run = redisScript(redis, lua);
  return async (reports) => {
    const keys = reports.map(({ key }) => redis.keyspace.limit(key));
    const values = reports.flatMap(({ buckets }) => [
      buckets.length,
      ...buckets.flatMap(({ bucket, shared, own }) => [bucket, shared, own]),
    ]);
    await run(keys, [window.bucketMs, window.buckets, instance, ...values]);
  };
}
