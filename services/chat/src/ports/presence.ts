import type { Presence } from '@secureconnect/contracts';
import { parseReply, type RedisCommands, redisScript } from '@secureconnect/redis';
import { z } from 'zod';

/** Who is online: users with an open socket, and users who recently declared it. */
export interface PresencePort {
  /** A user declares their presence. Offline overrides open sockets until a new one opens. */
  declare(userId: string, online: boolean): Promise<Presence>;
  /** A user's first socket on this instance opened. */
  connected(userId: string): Promise<void>;
  /** A socket of the user is still open. */
  stillConnected(userId: string): Promise<void>;
  /** A user's last socket on this instance closed. */
  disconnected(userId: string): Promise<void>;
  /** These sessions have sockets for all conversations here, so they need no push. */
  listening(userId: string, sessionIds: readonly string[]): Promise<void>;
  /** This session has no such socket here any more. */
  silent(userId: string, sessionId: string): Promise<void>;
  /** In the order of the ids. */
  of(userIds: readonly string[]): Promise<Presence[]>;
}

/** How long a user counts as online after a declaration or a heartbeat. */
const onlineMs = 60_000;
/**
 * Marks outlive their time, so that a heartbeat can distinguish a lapsed mark from a withdrawn one.
 */
const marksSeconds = 86_400;
const lastSeenSeconds = 30 * 86_400;

/** The mark of a user's declaration; the other marks are named after instances. */
const declared = 'declared';

/**
 * KEYS: a user's marks, then the time the user was last seen. Returns the newest mark and that
 * time.
 */
const readScript = `
local newest = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return { newest[2] or '0', redis.call('GET', KEYS[2]) or '' }`;

const Read = z.tuple([z.string(), z.string()]);

/**
 * Presence in Redis: for each user a sorted set of marks, one per instance with the user's sockets
 * and one for the user's declaration, scored by the time at which each lapses. A second set has the
 * sessions with sockets, in the same way; video reads it before it pushes to a device.
 */
export function redisPresence(redis: RedisCommands, instance: string): PresencePort {
  const { keyspace } = redis;
  const read = redisScript(redis, readScript);
  const seen = (userId: string) =>
    redis.set(keyspace.presence(userId).lastSeen, String(Date.now()), 'EX', lastSeenSeconds);
  const mark = async (userId: string, by: string): Promise<void> => {
    await Promise.all([
      redis.zadd(keyspace.presence(userId).marks, Date.now() + onlineMs, by),
      redis.expire(keyspace.presence(userId).marks, marksSeconds),
      seen(userId),
    ]);
  };
  // One script call per user: in a cluster the keys are on different servers.
  const readOne = async (userId: string): Promise<Presence> => {
    const { marks, lastSeen } = keyspace.presence(userId);
    const [newest, seenMs] = parseReply(Read, await read([marks, lastSeen], []), 'presence');
    return toPresence(userId, Number(newest), Number(seenMs));
  };
  const socketsOf = (sessionId: string): string => `${sessionId} ${instance}`;
  return {
    of: (userIds) => Promise.all(userIds.map(readOne)),
    async declare(userId, online) {
      if (online) await mark(userId, declared);
      else await Promise.all([redis.del(keyspace.presence(userId).marks), seen(userId)]);
      const lastSeenMs = Date.now();
      return toPresence(userId, online ? lastSeenMs + onlineMs : 0, lastSeenMs);
    },
    connected: (userId) => mark(userId, instance),
    async stillConnected(userId) {
      // Only if the mark still exists: a user who declared "offline" has withdrawn it.
      const until = Date.now() + onlineMs;
      await Promise.all([
        redis.zadd(keyspace.presence(userId).marks, 'XX', until, instance),
        seen(userId),
      ]);
    },
    async disconnected(userId) {
      await Promise.all([redis.zrem(keyspace.presence(userId).marks, instance), seen(userId)]);
    },
    async listening(userId, sessionIds) {
      if (sessionIds.length === 0) return;
      const { sockets } = keyspace.presence(userId);
      const until = Date.now() + onlineMs;
      const marked = sessionIds.flatMap((sessionId) => [until, socketsOf(sessionId)]);
      await Promise.all([
        redis.zadd(sockets, ...marked),
        redis.expire(sockets, (2 * onlineMs) / 1000),
      ]);
    },
    async silent(userId, sessionId) {
      await redis.zrem(keyspace.presence(userId).sockets, socketsOf(sessionId));
    },
  };
}

/** While Redis is down, nobody is known to be online. */
export const everyoneOffline: PresencePort = {
  declare: async (userId) => ({ user_id: userId, status: 'offline' }),
  connected: async () => undefined,
  stillConnected: async () => undefined,
  disconnected: async () => undefined,
  listening: async () => undefined,
  silent: async () => undefined,
  of: async (userIds) => userIds.map((userId) => ({ user_id: userId, status: 'offline' })),
};

function toPresence(userId: string, onlineUntilMs: number, lastSeenMs: number): Presence {
  const status = onlineUntilMs > Date.now() ? 'online' : 'offline';
  const seen = lastSeenMs > 0 ? { last_seen: new Date(lastSeenMs).toISOString() } : {};
  return { user_id: userId, status, ...seen };
}
