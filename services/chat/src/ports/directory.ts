import { createHash } from 'node:crypto';
import type { ParticipantName } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import type { RedisCommands } from '@secureconnect/redis';
import { findUserId } from '../stores/directory.ts';

/** Finds people by e-mail address or user name. */
export interface Directory {
  /** The user ids in the order of the names; undefined for unknown names. */
  find(names: readonly ParticipantName[]): Promise<(string | undefined)[]>;
}

const rememberedSeconds = 300;

/** Hashed, because everybody who may list keys can see it. */
function hashOf({ email, username = '' }: ParticipantName): string {
  const text = email === undefined ? `username:${username.toLowerCase()}` : `email:${email}`;
  return createHash('sha256').update(text).digest('base64url');
}

/** A read-through cache: names that Redis lacks are read from SQL and stored for five minutes. */
export function redisDirectory(redis: RedisCommands, sql: Sql): Directory {
  const keyOf = (name: ParticipantName) => redis.keyspace.directory('chat', hashOf(name));
  const lookUp = async (name: ParticipantName): Promise<string | undefined> => {
    const userId = await findUserId(sql, name);
    if (userId !== undefined) await redis.set(keyOf(name), userId, 'EX', rememberedSeconds);
    return userId;
  };
  return {
    async find(names) {
      // One command per name: in a cluster the keys are on different servers.
      const known = await Promise.all(names.map((name) => redis.get(keyOf(name))));
      return Promise.all(names.map((name, index) => known[index] ?? lookUp(name)));
    },
  };
}
