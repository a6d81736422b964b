import type { Database } from '@secureconnect/postgres';
import { type RedisCommands, UnexpectedReply } from '@secureconnect/redis';
import { z } from 'zod';
import { findLiveSession, type LiveSession } from '../stores/sessions.ts';

/** The fast path of sessions. Their truth is SQL; this port may only fail closed. */
export interface Sessions {
  /** A live session; read through, so a Redis that comes back empty signs nobody out. */
  find(sessionId: string): Promise<LiveSession | undefined>;
  keep(session: LiveSession): Promise<void>;
  end(sessionIds: readonly string[]): Promise<void>;
}

const Stored = z.object({ userId: z.guid(), expiresAtMs: z.number() });

export function redisSessions(redis: RedisCommands, database: Database): Sessions {
  const key = redis.keyspace.session;
  const keep = async ({ sessionId, userId, expiresAtMs }: LiveSession): Promise<void> => {
    await redis.set(key(sessionId), JSON.stringify({ userId, expiresAtMs }), 'PXAT', expiresAtMs);
  };
  return {
    async find(sessionId) {
      const text = await redis.get(key(sessionId));
      if (text !== null) return { sessionId, ...readStored(text) };
      const session = await findLiveSession(database, sessionId);
      if (session !== undefined) await keep(session);
      return session;
    },
    keep,
    async end(sessionIds) {
      // A command each: in a cluster they are on different servers.
      await Promise.all(sessionIds.map((sessionId) => redis.del(key(sessionId))));
    },
  };
}

/** Throws UnexpectedReply where the key holds what nobody of us has written. */
function readStored(text: string): z.output<typeof Stored> {
  try {
    return Stored.parse(JSON.parse(text));
  } catch {
    throw new UnexpectedReply('sessions');
  }
}
