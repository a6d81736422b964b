import { type RedisCommands, redisScript, UnexpectedReply } from '@secureconnect/redis';
import type { OwnGrants, SharedCount } from './spending.ts';
import type { Window } from './window.ts';

/**
 * One hash per key. Field `<bucket>` counts grants through Redis; field `<bucket>:<instance>` is
 * the total of an instance's own grants. That total only grows and is written whole, so every
 * hand-over is idempotent.
 *
 * KEYS: the hash. ARGV: limit, bucketMs, buckets, instance, then bucket and total of each own
 * grant. Returns granted (1 or 0), the server's time in ms, then bucket, shared, handed over, and
 * so on.
 */
const lua = `
local key, limit, bucketMs, buckets = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local current = math.floor(now / bucketMs)
for i = 5, #ARGV, 2 do
  local field = ARGV[i] .. ':' .. ARGV[4]
  if tonumber(ARGV[i + 1]) > tonumber(redis.call('HGET', key, field) or 0) then
    redis.call('HSET', key, field, ARGV[i + 1])
  end
end
local shared, handed, order, gone, spent = {}, {}, {}, {}, 0
local all = redis.call('HGETALL', key)
for i = 1, #all, 2 do
  local digits, tagged = string.match(all[i], '^(%d+)(:?)')
  local bucket, count = tonumber(digits), tonumber(all[i + 1])
  if math.abs(current - bucket) > buckets then
    gone[#gone + 1] = all[i]
  else
    if shared[bucket] == nil then
      shared[bucket], handed[bucket] = 0, 0
      order[#order + 1] = bucket
    end
    if tagged == ':' then handed[bucket] = handed[bucket] + count
    else shared[bucket] = shared[bucket] + count end
    spent = spent + count
  end
end
if #gone > 0 then redis.call('HDEL', key, unpack(gone)) end
local granted = spent < limit and 1 or 0
if granted == 1 then
  redis.call('HINCRBY', key, string.format('%.0f', current), 1)
  if shared[current] == nil then
    shared[current], handed[current] = 0, 0
    order[#order + 1] = current
  end
  shared[current] = shared[current] + 1
end
if granted == 1 or #ARGV > 4 then redis.call('PEXPIRE', key, bucketMs * (buckets + 2)) end
local reply = { granted, now }
for _, bucket in ipairs(order) do
  reply[#reply + 1] = bucket
  reply[#reply + 1] = shared[bucket]
  reply[#reply + 1] = handed[bucket]
end
return reply
`;

export interface Consumed {
  readonly granted: boolean;
  readonly serverMs: number;
  readonly counts: readonly SharedCount[];
}

export type Consume = (key: string, limit: number, own: readonly OwnGrants[]) => Promise<Consumed>;

/** Asks Redis for one request, and hands over this instance's own grants. */
export function consumeScript(redis: RedisCommands, window: Window, instance: string): Consume {
  const run = redisScript(redis, lua);
  return async (key, limit, own) => {
    const values = own.flatMap(({ bucket, granted }) => [bucket, granted]);
    return parse(
      await run(
        [redis.keyspace.limit(key)],
        [limit, window.bucketMs, window.buckets, instance, ...values],
      ),
    );
  };
}

function parse(reply: unknown): Consumed {
  if (!Array.isArray(reply) || !reply.every((value) => typeof value === 'number')) {
    throw new UnexpectedReply('limits');
  }
  const [granted = 0, serverMs = 0, ...rest] = reply;
  const counts: SharedCount[] = [];
  for (let at = 0; at + 2 < rest.length; at += 3) {
    const [bucket = 0, shared = 0, handedOver = 0] = rest.slice(at, at + 3);
    counts.push({ bucket, shared, handedOver });
  }
  return { granted: granted === 1, serverMs, counts };
}
