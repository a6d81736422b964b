import type { Database } from '@secureconnect/postgres';
import type { RedisCommands } from '@secureconnect/redis';
import { findPasswordReset, type PasswordReset } from '../stores/password-resets.ts';

/** The fast path of password resets. SQL keeps each of them and decides. */
export interface ResetTokens {
  keep(reset: PasswordReset): Promise<void>;
  /** The user whom a reset is for; read through, so an empty Redis loses no mail. */
  find(hash: Buffer): Promise<string | undefined>;
  forget(hash: Buffer): Promise<void>;
}

export function redisResetTokens(redis: RedisCommands, database: Database): ResetTokens {
  const key = (hash: Buffer) => redis.keyspace.passwordReset(hash.toString('base64url'));
  return {
    async keep({ hash, userId, expiresAtMs }) {
      await redis.set(key(hash), userId, 'PXAT', expiresAtMs);
    },
    async find(hash) {
      return (await redis.get(key(hash))) ?? (await findPasswordReset(database, hash));
    },
    async forget(hash) {
      await redis.del(key(hash));
    },
  };
}
