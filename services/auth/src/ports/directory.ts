import { createHash } from 'node:crypto';
import type { Database } from '@secureconnect/postgres';
import type { RedisCommands } from '@secureconnect/redis';
import { findUserId } from '../stores/users.ts';

export type DirectoryName = { readonly email: string } | { readonly username: string };

/** Finds users by e-mail address or user name. */
export interface Directory {
  find(name: DirectoryName): Promise<string | undefined>;
  /** Adds a new user to where `find` looks first. */
  remember(userId: string, names: { email: string; username: string }): Promise<void>;
  /** Removes the names of a user from where `find` looks first. */
  forget(names: { email: string; username: string }): Promise<void>;
}

const rememberedSeconds = 300;

/** Hashed, so that listing keys reveals no names. */
function hashOf(name: DirectoryName): string {
  const text = 'email' in name ? `email:${name.email}` : `username:${name.username.toLowerCase()}`;
  return createHash('sha256').update(text).digest('base64url');
}

/** Read through: what is missing in Redis is read from SQL and cached for a while. */
export function redisDirectory(redis: RedisCommands, database: Database): Directory {
  const key = (name: DirectoryName) => redis.keyspace.directory('auth', hashOf(name));
  const keep = (name: DirectoryName, userId: string) =>
    redis.set(key(name), userId, 'EX', rememberedSeconds);
  return {
    async find(name) {
      const known = await redis.get(key(name));
      if (known !== null) return known;
      const userId = await findUserId(database, name);
      if (userId !== undefined) await keep(name, userId);
      return userId;
    },
    async remember(userId, { email, username }) {
      await Promise.all([keep({ email }, userId), keep({ username }, userId)]);
    },
    async forget({ email, username }) {
      // One command each: in a cluster the keys are on different servers.
      await Promise.all([redis.del(key({ email })), redis.del(key({ username }))]);
    },
  };
}

export function durableDirectory(database: Database): Directory {
  return {
    find: (name) => findUserId(database, name),
    // Nothing to do: `find` reads SQL, which already has the user.
    remember: async () => undefined,
    forget: async () => undefined,
  };
}

/** For registration: the directory caches the user at the first look-up. */
export function skippedDirectory(): Directory {
  return {
    find: async () => undefined,
    remember: async () => undefined,
    forget: async () => undefined,
  };
}
