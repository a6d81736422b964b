import type { Presence } from '@secureconnect/contracts';
import { type RedisCommands, redisScript } from '@secureconnect/redis';

/** Who is online: users with a socket somewhere, and users who lately said so. */
export interface PresencePort {
  /** What a user says of themselves. Offline wins over open sockets, until a further one opens. */
  declare(userId: string, online: boolean): Promise<Presence>;
  /** A user's first socket on this instance opened. */
  connected(userId: string): Promise<void>;
  /** A socket of the user is still open. */
  stillConnected(userId: string): Promise<void>;
  /** A user's last socket on this instance closed. */
  disconnected(userId: string): Promise<void>;
  /** In the order of the ids. */
  of(userIds: readonly string[]): Promise<Presence[]>;
}

/** Said, or renewed by a heartbeat, somebody counts as online for this long. */
const onlineMs = 60_000;
/** Marks outlive their time, so that a heartbeat tells one that lapsed from one taken back. */
const marksSeconds = 86_400;
const lastSeenSeconds = 30 * 86_400;

const marksKey = (userId: string): string => `presence:${userId}`;
const lastSeenKey = (userId: string): string => `presence:last_seen:${userId}`;
/** The mark of what a user said; the others are named after instances. */
const declared = 'declared';

/** KEYS a user's marks, then when they were seen; ARGV the time. Returns [newest mark, seen]… */
const readScript = `
local replies = {}
for index = 1, #KEYS, 2 do
  local newest = redis.call('ZREVRANGE', KEYS[index], 0, 0, 'WITHSCORES')
  replies[#replies + 1] = newest[2] or '0'
  replies[#replies + 1] = redis.call('GET', KEYS[index + 1]) or ''
end
return replies`;

/**
 * Presence in Redis: for each user a sorted set of marks (one an instance that has sockets of
 * theirs, one for what they said) with the time at which each lapses.
 */
export function redisPresence(redis: RedisCommands, instance: string): PresencePort {
  const read = redisScript(redis, readScript);
  const seen = (userId: string) =>
    redis.set(lastSeenKey(userId), String(Date.now()), 'EX', lastSeenSeconds);
  const mark = async (userId: string, by: string): Promise<void> => {
    await Promise.all([
      redis.zadd(marksKey(userId), Date.now() + onlineMs, by),
      redis.expire(marksKey(userId), marksSeconds),
      seen(userId),
    ]);
  };
  const of = async (userIds: readonly string[]): Promise<Presence[]> => {
    const keys = userIds.flatMap((userId) => [marksKey(userId), lastSeenKey(userId)]);
    const reply = await read(keys, []);
    if (!Array.isArray(reply)) throw new Error('the presence script gave no list');
    return userIds.map((userId, index) =>
      toPresence(userId, Number(reply[index * 2]), Number(reply[index * 2 + 1])),
    );
  };
  return {
    of,
    async declare(userId, online) {
      if (online) await mark(userId, declared);
      else await Promise.all([redis.del(marksKey(userId)), seen(userId)]);
      const lastSeenMs = Date.now();
      return toPresence(userId, online ? lastSeenMs + onlineMs : 0, lastSeenMs);
    },
    connected: (userId) => mark(userId, instance),
    async stillConnected(userId) {
      // Only where the mark is still there: who said "offline" has taken it back.
      const until = Date.now() + onlineMs;
      await Promise.all([redis.zadd(marksKey(userId), 'XX', until, instance), seen(userId)]);
    },
    async disconnected(userId) {
      await Promise.all([redis.zrem(marksKey(userId), instance), seen(userId)]);
    },
  };
}

/** Without Redis nobody is known to be online. */
export const everyoneOffline: PresencePort = {
  declare: async (userId) => ({ user_id: userId, status: 'offline' }),
  connected: async () => undefined,
  stillConnected: async () => undefined,
  disconnected: async () => undefined,
  of: async (userIds) => userIds.map((userId) => ({ user_id: userId, status: 'offline' })),
};

function toPresence(userId: string, onlineUntilMs: number, lastSeenMs: number): Presence {
  const status = onlineUntilMs > Date.now() ? 'online' : 'offline';
  const seen = lastSeenMs > 0 ? { last_seen: new Date(lastSeenMs).toISOString() } : {};
  return { user_id: userId, status, ...seen };
}
