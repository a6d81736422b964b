import { parseReply, type RedisCommands, redisScript } from '@secureconnect/redis';
import { z } from 'zod';

/** More sockets than a user may have on all instances. */
const maxRead = 1000;

/** KEYS: the sockets of a user. Returns each with the time at which it lapses. */
const script = `return redis.call('ZREVRANGE', KEYS[1], 0, ${maxRead - 1}, 'WITHSCORES')`;
const Reply = z.array(z.string());

/** Which sessions of a user have an open socket that tells them of calls. Rejects as Redis does. */
export type ListeningSessions = (userId: string) => Promise<ReadonlySet<string>>;

/** Reads what chat writes: members are a session and an instance, scored by their end in ms. */
export function listeningSessions(redis: RedisCommands): ListeningSessions {
  const read = redisScript(redis, script);
  return async (userId) => {
    const { sockets } = redis.keyspace.presence(userId);
    const reply = parseReply(Reply, await read([sockets], []), 'open sockets');
    const sessions = new Set<string>();
    for (let index = 0; index < reply.length; index += 2) {
      const [sessionId] = (reply[index] ?? '').split(' ');
      if (sessionId && Number(reply[index + 1]) > Date.now()) sessions.add(sessionId);
    }
    return sessions;
  };
}
