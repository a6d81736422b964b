import type { Database } from '@secureconnect/postgres';
import { type RedisCommands, UnexpectedReply } from '@secureconnect/redis';
import { z } from 'zod';
import { findLiveSession, type LiveSession } from '../stores/sessions.ts';

/**
 * The fast path of sessions; SQL is the truth, and decides every exchange. Without Redis this port
 * fails closed, or is SQL alone (docs/adr/0024).
 */
export interface Sessions {
  /** A live session; read through, so an empty Redis logs nobody out. */
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
      // One command each: in a cluster the keys are on different servers.
      await Promise.all(sessionIds.map((sessionId) => redis.del(key(sessionId))));
    },
  };
}

/**
 * Without Redis. What routes end is ended in SQL, in their transaction; the keys of ended sessions
 * are deleted on recovery (`endedSessionsReconciler`).
 */
export function durableSessions(database: Database): Sessions {
  return {
    find: (sessionId) => findLiveSession(database, sessionId),
    keep: async () => undefined,
    end: async () => undefined,
  };
}

/** Throws UnexpectedReply if the key holds a foreign value. */
function readStored(text: string): z.output<typeof Stored> {
  try {
    return Stored.parse(JSON.parse(text));
  } catch {
    throw new UnexpectedReply('sessions');
  }
}
