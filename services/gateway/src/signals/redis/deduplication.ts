import type { Reconciler } from '@secureconnect/degraded-mode';
import { type Keyspace, parseReply, type ScriptCall } from '@secureconnect/redis';
import { z } from 'zod';
import { OpenReservations } from './open-reservations.ts';
import { type Sighting, type StormWindow, sightingOf, stormScript, windowOf } from './storms.ts';

/** The result of an attempt to reserve a signal. */
export type Reservation =
  /** Reserved for the caller until it commits or releases, at most for 5 s. */
  | {
      readonly kind: 'granted';
      /** The last committed request; SQL knows whether it is still active. */
      readonly knownName: string | undefined;
      /** The number of reservations in the last minutes, including this one. */
      readonly occurrences: number;
      /** The storm of a signal without a known request; such a signal was counted for storms. */
      readonly storm: StormWindow | undefined;
    }
  /** A different delivery of the signal is in progress. */
  | {
      readonly kind: 'held';
      /** Resolves as it ends, if it is a delivery to this process. */
      readonly ended: Promise<void> | undefined;
    };

/** A delivery of a signal that has no active request. */
export interface Claim {
  readonly fingerprint: string;
  /** Identifies the delivery. */
  readonly token: string;
  readonly sighting: Sighting;
  /** Of the storm window that the signal begins, if it does. */
  readonly newWindowId: string;
}

/**
 * Keeps deliveries of one new signal apart across gateways, and remembers its request for 5 minutes.
 * SQL, not Redis, decides which signal has a request, so losses in Redis are harmless. `token`
 * identifies a delivery.
 */
export interface Deduplication {
  /** Reserves a signal and, if its request is not known, counts it for storms. */
  reserve(claim: Claim): Promise<Reservation>;
  /** The signal has this request; returns the one that was known before. */
  remember(fingerprint: string, requestName: string): Promise<string | undefined>;
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
 * the name or an empty text, the count; `remember` returns the name from before.
 */
export const deduplicationScript = `
local key, operation, token = KEYS[1], ARGV[1], ARGV[2]
if operation == 'remember' then
  local known = redis.call('HGET', key, 'name') or ''
  if known ~= ARGV[5] then redis.call('HSET', key, 'name', ARGV[5]) end
  redis.call('PEXPIRE', key, ARGV[4])
  return { 1, known, 0 }
end
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

/**
 * Reserves, and notes the sighting of a signal whose request is not known. KEYS: those of
 * `deduplicationScript` and `stormScript`. ARGV: token, hold in ms, memory in ms, then those of
 * `stormScript`. Returns what both return.
 */
export const reservationScript = `
local function reserve(KEYS, ARGV)${deduplicationScript}end
local function note(KEYS, ARGV)${stormScript}end
local reserved = reserve({ KEYS[1] }, { 'reserve', ARGV[1], ARGV[2], ARGV[3] })
if reserved[1] == 0 or reserved[2] ~= '' then return { reserved, {} } end
return { reserved, note({ KEYS[2], KEYS[3], KEYS[4] }, { unpack(ARGV, 4) }) }
`;

const Answer = z.tuple([z.int(), z.string(), z.int()]);
const ReservationAnswer = z.tuple([Answer, z.unknown()]);

export interface DeduplicationPort {
  readonly redis: Deduplication;
  /** Releases reservations left by an outage; must be added to the Redis connection. */
  readonly reconciler: Reconciler;
}

/** Calls the scripts of the same names. */
export interface DeduplicationScripts {
  readonly deduplicate: ScriptCall;
  readonly reserve: ScriptCall;
}

/** Deduplication in Redis; rows can only declare it fail closed. */
export function createDeduplication(
  keyspace: Keyspace,
  scripts: DeduplicationScripts,
): DeduplicationPort {
  const keyOf = keyspace.signal;
  const run = async (operation: string, fingerprint: string, token: string, name = '') =>
    parseReply(
      Answer,
      await scripts.deduplicate(
        [keyOf(fingerprint)],
        [operation, token, maxHoldMs, rememberedMs, name],
      ),
      'deduplication',
    );
  const runReserve = async ({ fingerprint, token, sighting, newWindowId }: Claim) => {
    const { keys, values } = sightingOf(keyspace, sighting, newWindowId);
    const reply = await scripts.reserve(
      [keyOf(fingerprint), ...keys],
      [token, maxHoldMs, rememberedMs, ...values],
    );
    return parseReply(ReservationAnswer, reply, 'reservation');
  };
  const release = async (fingerprint: string, token: string): Promise<void> => {
    await run('release', fingerprint, token);
  };
  const open = new OpenReservations(release);
  const port: Deduplication = {
    async reserve(claim) {
      const { fingerprint, token } = claim;
      const [[granted, name, occurrences], noted] = await open.begin(
        fingerprint,
        token,
        () => runReserve(claim),
        ([[isGranted]]) => isGranted === 1,
      );
      if (granted !== 1) return { kind: 'held', ended: open.endOf(fingerprint) };
      return { kind: 'granted', knownName: named(name), occurrences, storm: windowOf(noted) };
    },
    async remember(fingerprint, requestName) {
      const [, name] = await run('remember', fingerprint, '', requestName);
      return named(name);
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

function named(name: string): string | undefined {
  return name === '' ? undefined : name;
}
