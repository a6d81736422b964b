import type { Reconciler } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import { type RedisCommands, redisScript } from '@secureconnect/redis';
import { lockout } from '../lockout.ts';
import { type FailedLoginCount, unexpiredFailedLogins } from '../stores/failed-logins.ts';

/** Counts failed logins by subject (a hash of the address) and locks the subject. */
export interface FailedLogins {
  /** Seconds until the subject may try again; 0 when it may now. */
  lockedForSeconds(subject: string): Promise<number>;
  /** Counts one failure; the one that reaches the limit locks the subject. */
  record(subject: string): Promise<void>;
  clear(subject: string): Promise<void>;
}

/** KEYS[1] the counter; ARGV failures that lock, window in ms. */
const recordScript = `
local failures = redis.call('INCR', KEYS[1])
if failures == 1 or failures >= tonumber(ARGV[1]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return failures`;

/** Takes over a count from SQL unless Redis knows of more. ARGV count, end in Unix ms. */
const restoreScript = `
local known = tonumber(redis.call('GET', KEYS[1]) or '0')
if known < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1], 'PXAT', ARGV[2])
end
return 1`;

export function redisFailedLogins(redis: RedisCommands): FailedLogins {
  const key = redis.keyspace.failedLogins;
  const record = redisScript(redis, recordScript);
  return {
    async lockedForSeconds(subject) {
      const [failures, remainingMs] = await Promise.all([
        redis.get(key(subject)),
        redis.pttl(key(subject)),
      ]);
      if (Number(failures ?? 0) < lockout.failures) return 0;
      return Math.max(1, Math.ceil(remainingMs / 1000));
    },
    async record(subject) {
      await record([key(subject)], [lockout.failures, lockout.windowSeconds * 1000]);
    },
    async clear(subject) {
      await redis.del(key(subject));
    },
  };
}

/**
 * On recovery: the counts in SQL, which hold the failures seen during the outage too, are in Redis
 * again. A count that Redis knows better stays.
 */
export function failedLoginReconciler(redis: RedisCommands, database: Database): Reconciler {
  const key = redis.keyspace.failedLogins;
  const restore = redisScript(redis, restoreScript);
  return {
    name: 'failed logins',
    async run() {
      for (const batch of batches(await unexpiredFailedLogins(database), 500)) {
        await Promise.all(
          batch.map(({ subject, failures, expiresAtMs }) =>
            restore([key(subject)], [failures, expiresAtMs]),
          ),
        );
      }
    },
  };
}

function batches(all: readonly FailedLoginCount[], size: number): FailedLoginCount[][] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
}
