import type { StormType } from '@secureconnect/contracts';
import { parseReply, type RedisCommands, redisScript } from '@secureconnect/redis';
import { z } from 'zod';

/** A storm of one signal name, for as long as its signals are aggregated. */
export interface StormWindow {
  readonly id: string;
  readonly type: StormType;
  /** Whether it began with the signal that was noted. */
  readonly isNew: boolean;
}

/** A signal as storms are counted by it. */
export interface Sighting {
  readonly signalName: string;
  /** What fires: the same in each delivery of that, which therefore counts once. */
  readonly occurrence: string;
  /** What it fires for. */
  readonly resource: string;
}

/** Finds storms. */
export interface Storms {
  /** Counts a signal. Returns the window that it belongs to; `newWindowId` names one that begins. */
  note(sighting: Sighting, newWindowId: string): Promise<StormWindow | undefined>;
}

/** More than these make a storm. */
const limits = { perMinute: 10, resources: 5 } as const;
const rateMs = 60_000;
const patternMs = 2 * 60_000;
const aggregatedMs = 60_000;

/**
 * KEYS: what fired (a sorted set by time), the resources (the same), the window. ARGV: occurrence,
 * resource, then span in ms and limit of both sets, then the length of a window in ms, a new id.
 * Returns nothing, or the window's id, its type, and 1 where it is new.
 */
const lua = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function forget(key, span)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - span)
end
forget(KEYS[1], ARGV[3])
forget(KEYS[2], ARGV[5])
-- A resource counts from when something fires anew for it.
if redis.call('ZADD', KEYS[1], 'NX', now, ARGV[1]) == 1 then
  redis.call('ZADD', KEYS[2], now, ARGV[2])
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
local window = redis.call('HMGET', KEYS[3], 'id', 'type')
if window[1] then return { window[1], window[2], 0 } end
local kind
if redis.call('ZCARD', KEYS[1]) > tonumber(ARGV[4]) then kind = 'rate'
elseif redis.call('ZCARD', KEYS[2]) > tonumber(ARGV[6]) then kind = 'pattern' end
if not kind then return {} end
redis.call('HSET', KEYS[3], 'id', ARGV[8], 'type', kind)
redis.call('PEXPIRE', KEYS[3], ARGV[7])
return { ARGV[8], kind, 1 }
`;

const Answer = z.union([z.tuple([z.string(), z.enum(['rate', 'pattern']), z.int()]), z.tuple([])]);

/** Storms counted in Redis, for all gateways together; a row can only fail it closed. */
export function redisStorms(redis: RedisCommands): Storms {
  const script = redisScript(redis, lua);
  return {
    async note({ signalName, occurrence, resource }, newWindowId) {
      const keys = redis.keyspace.storm(signalName);
      const { perMinute, resources } = limits;
      const spans = [rateMs, perMinute, patternMs, resources, aggregatedMs];
      const reply = await script(
        [keys.fired, keys.resources, keys.window],
        [occurrence, resource, ...spans, newWindowId],
      );
      const answer = parseReply(Answer, reply, 'storms');
      if (answer.length === 0) return undefined;
      const [id, type, isNew] = answer;
      return { id, type, isNew: isNew === 1 };
    },
  };
}
