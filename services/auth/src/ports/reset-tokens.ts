import type { Database } from '@secureconnect/postgres';
import type { RedisCommands } from '@secureconnect/redis';
import { findPasswordReset } from '../stores/password-resets.ts';
import { LocalLocks, redisLocks, type SubjectLocks } from './subject-locks.ts';

/**
 * The fast path of password resets; SQL stores them and decides. A subject is locked while it has
 * spent its mails.
 */
export interface ResetTokens extends SubjectLocks {
  /** The user of a reset; read through, so an empty Redis loses no reset. */
  find(hash: Buffer): Promise<string | undefined>;
  forget(hashes: readonly Buffer[]): Promise<void>;
}

export function redisResetTokens(redis: RedisCommands, database: Database): ResetTokens {
  const key = (hash: Buffer) => redis.keyspace.passwordReset(hash.toString('base64url'));
  return {
    ...redisLocks(redis, redis.keyspace.passwordResetMails),
    async find(hash) {
      const known = await redis.get(key(hash));
      if (known !== null) return known;
      const reset = await findPasswordReset(database, hash);
      if (reset === undefined) return undefined;
      await redis.set(key(hash), reset.userId, 'PXAT', reset.expiresAtMs);
      return reset.userId;
    },
    async forget(hashes) {
      await Promise.all(hashes.map((hash) => redis.del(key(hash))));
    },
  };
}

/** Without Redis: SQL decides, and this process alone caches the locks. */
export function durableResetTokens(database: Database): ResetTokens {
  const locks = new LocalLocks();
  return {
    lockedForSeconds: (subject) => locks.lockedForSeconds(subject),
    lock: (subject, forSeconds) => locks.lock(subject, forSeconds),
    unlock: (subject) => locks.unlock(subject),
    find: async (hash) => (await findPasswordReset(database, hash))?.userId,
    forget: async () => undefined,
  };
}
