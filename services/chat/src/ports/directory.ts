import { createHash } from 'node:crypto';
import type { ParticipantName } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import type { RedisCommands } from '@secureconnect/redis';
import { findUserId } from '../stores/directory.ts';

/** Finds people by e-mail address or user name. */
export interface Directory {
  /** Their user ids in the order of the names; undefined for nobody. */
  find(names: readonly ParticipantName[]): Promise<(string | undefined)[]>;
}

const rememberedSeconds = 300;

/** Hashed, because a key may be seen by whoever may list keys. */
function hashOf({ email, username = '' }: ParticipantName): string {
  const text = email === undefined ? `username:${username.toLowerCase()}` : `email:${email}`;
  return createHash('sha256').update(text).digest('base64url');
}

/** Read through: what Redis does not know is asked of SQL, and kept for five minutes. */
export function redisDirectory(redis: RedisCommands, sql: Sql): Directory {
  const keyOf = (name: ParticipantName) => redis.keyspace.directory('chat', hashOf(name));
  const lookUp = async (name: ParticipantName): Promise<string | undefined> => {
    const userId = await findUserId(sql, name);
    if (userId !== undefined) await redis.set(keyOf(name), userId, 'EX', rememberedSeconds);
    return userId;
  };
  return {
    async find(names) {
      // A command each: in a cluster they are on different servers.
      const known = await Promise.all(names.map((name) => redis.get(keyOf(name))));
      return Promise.all(names.map((name, index) => known[index] ?? lookUp(name)));
    },
  };
}
