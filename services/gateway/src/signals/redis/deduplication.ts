import type { Reconciler } from '@secureconnect/degraded-mode';
import { type Keyspace, parseReply, type ScriptCall } from '@secureconnect/redis';
import { z } from 'zod';
import { OpenReservations } from './open-reservations.ts';

/** The result of an attempt to reserve a signal. */
export type Reservation =
  /** Reserved for the caller until it commits or releases, at most for 5 s. */
  | {
      readonly kind: 'granted';
      /** The last committed request; SQL knows whether it is still active. */
      readonly knownName: string | undefined;
      /** The number of reservations in the last minutes, including this one. */
      readonly occurrences: number;
    }
  /** A different delivery of the signal is in progress. */
  | {
      readonly kind: 'held';
      /** Resolves as it ends, if it is a delivery to this process. */
      readonly ended: Promise<void> | undefined;
    };

/**
 * Serialises deliveries of one signal across gateways, and remembers its request for 5 minutes.
 * SQL, not Redis, decides which signal has a request, so losses in Redis are harmless. `token`
 * identifies a delivery.
 */
export interface Deduplication {
  reserve(fingerprint: string, token: string): Promise<Reservation>;
  /** The signal has this request; ends the reservation. */
  commit(fingerprint: string, token: string, requestName: string): Promise<void>;
  /** The signal was not stored; ends the reservation if it is `token`'s. */
  release(fingerprint: string, token: string): Promise<void>;
  /** The signal no longer has a request. */
  forget(fingerprint: string): Promise<void>;
}

/** Longer than a gateway may take; a crashed gateway blocks others for at most this long. */
const maxHoldMs = 5000;
const rememberedMs = 5 * 60_000;

/**
 * One hash per signal: `holder` and `heldUntil` (Unix ms) while it is reserved, `name` once
 * committed, `count`. Each operation may run twice: a command that timed out may have been
 * executed.
 *
 * KEYS: the hash. ARGV: operation, token, hold in ms, memory in ms, name. Returns granted (1 or 0),
 * the name or an empty text, the count.
 */
export const deduplicationScript = `
local key, operation, token = KEYS[1], ARGV[1], ARGV[2]
if operation == 'forget' then
  redis.call('HDEL', key, 'name')
  return { 1, '', 0 }
end
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
  /** Releases reservations left by an outage; must be added to the Redis connection. */
  readonly reconciler: Reconciler;
}

/**
 * Deduplication in Redis; rows can only declare it fail closed.
 * @param deduplicate calls `deduplicationScript`
 */
export function createDeduplication(
  keyspace: Keyspace,
  deduplicate: ScriptCall,
): DeduplicationPort {
  const keyOf = keyspace.signal;
  const run = async (operation: string, fingerprint: string, token: string, name = '') =>
    parseReply(
      Answer,
      await deduplicate([keyOf(fingerprint)], [operation, token, maxHoldMs, rememberedMs, name]),
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
      if (granted !== 1) return { kind: 'held', ended: open.endOf(fingerprint) };
      return { kind: 'granted', knownName: name === '' ? undefined : name, occurrences };
    },
    commit: (fingerprint, token, requestName) =>
      open.end(token, () => run('commit', fingerprint, token, requestName)),
    release: (fingerprint, token) => open.end(token, () => release(fingerprint, token)),
    async forget(fingerprint) {
      await run('forget', fingerprint, '');
    },
  };
  return { redis: port, reconciler: open.reconciler };
}
