import type { StormType } from '@secureconnect/contracts';
import { type Keyspace, parseReply, type ScriptCall } from '@secureconnect/redis';
import { z } from 'zod';

/** The window in which the signals of one name are aggregated. */
export interface StormWindow {
  readonly id: string;
  readonly type: StormType;
  /** Whether this signal began the window. */
  readonly isNew: boolean;
}

/** The part of a signal that storms are detected by. */
export interface Sighting {
  readonly signalName: string;
  /** Identifies one firing: the same in each delivery of it, so that it counts once. */
  readonly occurrence: string;
  /** The resource that it fires for. */
  readonly resource: string;
}

/** Detects storms of signals that Redis took for known when they were reserved. */
export interface Storms {
  /** Counts a signal. Returns its storm window, if any; a new window gets `newWindowId`. */
  note(sighting: Sighting, newWindowId: string): Promise<StormWindow | undefined>;
}

/** More than these are a storm. */
const limits = { perMinute: 10, resources: 5 } as const;
const rateMs = 60_000;
const patternMs = 2 * 60_000;
const aggregatedMs = 60_000;

/**
 * KEYS: what fired (a sorted set by time), the resources (the same), the window. ARGV: occurrence,
 * resource, then span in ms and limit of both sets, then the length of a window in ms, a new id.
 * Returns nothing, or the window's id, its type, and 1 if it is new.
 */
export const stormScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function forget(key, span)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - span)
end
forget(KEYS[1], ARGV[3])
forget(KEYS[2], ARGV[5])
-- A resource counts from its last new firing.
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

/** The keys and values of `stormScript` for a sighting. */
export function sightingOf(
  keyspace: Keyspace,
  { signalName, occurrence, resource }: Sighting,
  newWindowId: string,
) {
  const { fired, resources, window } = keyspace.storm(signalName);
  const spans = [rateMs, limits.perMinute, patternMs, limits.resources, aggregatedMs];
  return {
    keys: [fired, resources, window],
    values: [occurrence, resource, ...spans, newWindowId],
  };
}

/** The window that `stormScript` has returned. Throws if it is none. */
export function windowOf(reply: unknown): StormWindow | undefined {
  const answer = parseReply(Answer, reply, 'storms');
  if (answer.length === 0) return undefined;
  const [id, type, isNew] = answer;
  return { id, type, isNew: isNew === 1 };
}

/**
 * Storms counted in Redis, across all gateways; rows can only declare it fail closed.
 * @param noteInStorm calls `stormScript`
 */
export function redisStorms(keyspace: Keyspace, noteInStorm: ScriptCall): Storms {
  return {
    async note(sighting, newWindowId) {
      const { keys, values } = sightingOf(keyspace, sighting, newWindowId);
      return windowOf(await noteInStorm(keys, values));
    },
  };
}
