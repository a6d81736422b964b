import type { Reconciler } from '@secureconnect/degraded-mode';
import { parseReply, type RedisCommands, redisScript } from '@secureconnect/redis';
import { z } from 'zod';
import { OpenReservations } from './open-reservations.ts';

/** The answer to who wants to take a signal. */
export type Reservation =
  /** Yours until it is committed or released, or for 5 s. */
  | {
      readonly kind: 'granted';
      /** The request that was committed for it; SQL knows whether that is active still. */
      readonly knownName: string | undefined;
      /** How often it was reserved in the last minutes, this time included. */
      readonly occurrences: number;
    }
  /** Another delivery of the same signal is being taken now. */
  | { readonly kind: 'held' };

/**
 * Keeps deliveries of one signal apart, on whichever gateway they arrive, and remembers for 5
 * minutes what became of it. Which signal has a request is decided by SQL, not here: what is lost or
 * rolled back in Redis is found again there. `token` names a delivery.
 */
export interface Deduplication {
  reserve(fingerprint: string, token: string): Promise<Reservation>;
  /** The signal has this request; ends the reservation. */
  commit(fingerprint: string, token: string, requestName: string): Promise<void>;
  /** Nothing came of it; ends the reservation. One that is not `token`'s stays. */
  release(fingerprint: string, token: string): Promise<void>;
  /** The signal has no request any more. */
  forget(fingerprint: string): Promise<void>;
}

/** Longer than a gateway may take; whoever crashed holds nobody up for longer. */
const maxHoldMs = 5000;
const rememberedMs = 5 * 60_000;

/**
 * One hash a signal: `holder` and `heldUntil` (Unix ms) while it is reserved, `name` once committed,
 * `count`. Each operation may run twice: a command that timed out may have been executed.
 *
 * KEYS: the hash. ARGV: operation, token, hold in ms, memory in ms, name.
 * Returns granted (1 or 0), the name or an empty text, the count.
 */
const lua = `
local key, operation, token = KEYS[1], ARGV[1], ARGV[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local holder = redis.call('HGET', key, 'holder')
local isHeld = holder and tonumber(redis.call('HGET', key, 'heldUntil')) > now
if isHeld and holder ~= token then return { 0, '', 0 } end
if operation == 'release' then
  redis.call('HDEL', key, 'holder', 'heldUntil')
  return { 1, '', 0 }
end
if operation == 'commit' then
  redis.call('HDEL', key, 'holder', 'heldUntil')
  redis.call('HSET', key, 'name', ARGV[5])
else
  redis.call('HSET', key, 'holder', token, 'heldUntil', string.format('%.0f', now + ARGV[3]))
  if holder ~= token then redis.call('HINCRBY', key, 'count', 1) end
end
redis.call('PEXPIRE', key, ARGV[4])
local name = redis.call('HGET', key, 'name') or ''
return { 1, name, tonumber(redis.call('HGET', key, 'count') or 0) }
`;

const Answer = z.tuple([z.int(), z.string(), z.int()]);

export interface DeduplicationPort {
  readonly redis: Deduplication;
  /** Releases what an outage has left reserved; to be added to the Redis connection. */
  readonly reconciler: Reconciler;
}

/** Deduplication in Redis; a row can only fail it closed. */
export function createDeduplication(redis: RedisCommands): DeduplicationPort {
  const keyOf = redis.keyspace.signal;
  const script = redisScript(redis, lua);
  const run = async (operation: string, fingerprint: string, token: string, name = '') =>
    parseReply(
      Answer,
      await script([keyOf(fingerprint)], [operation, token, maxHoldMs, rememberedMs, name]),
      'deduplication',
    );
  const release = async (fingerprint: string, token: string): Promise<void> => {
    await run('release', fingerprint, token);
  };
  const open = new OpenReservations(release);
  const port: Deduplication = {
    async reserve(fingerprint, token) {
      const reserved = await open.begin(
        fingerprint,
        token,
        () => run('reserve', fingerprint, token),
        ([granted]) => granted === 1,
      );
      const [granted, name, occurrences] = reserved;
      if (granted !== 1) return { kind: 'held' };
      return { kind: 'granted', knownName: name === '' ? undefined : name, occurrences };
    },
    commit: (fingerprint, token, requestName) =>
      open.end(token, () => run('commit', fingerprint, token, requestName)),
    release: (fingerprint, token) => open.end(token, () => release(fingerprint, token)),
    async forget(fingerprint) {
      await redis.hdel(keyOf(fingerprint), 'name');
    },
  };
  return { redis: port, reconciler: open.reconciler };
}
