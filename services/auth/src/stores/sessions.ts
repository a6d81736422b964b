import type { Sql } from '@secureconnect/postgres';
import type { SessionClient } from '../session-client.ts';
import { endChallengesOf } from './sign-in-challenges.ts';

/** A session that has neither ended nor expired. */
export interface LiveSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly expiresAtMs: number;
}

/** A live session that the transaction holds. Times by the clock of the database, in Unix ms. */
export interface HeldSession extends LiveSession {
  readonly heldAtMs: number;
  readonly startedAtMs: number;
  readonly lastSeenAtMs: number;
}

interface SessionRow {
  session_id: string;
  user_id: string;
  expires_at: Date;
}

interface HeldRow extends SessionRow {
  now: Date;
  created_at: Date;
  last_seen_at: Date;
}

/** Starts a session; returns the database's time, in milliseconds since the epoch. */
export async function insertSession(
  sql: Sql,
  { sessionId, userId, expiresAtMs }: LiveSession,
  { deviceName, agent, address }: Pick<SessionClient, 'deviceName' | 'agent' | 'address'>,
): Promise<number> {
  const [row] = await sql.query<{ created_at: Date }>(
    `INSERT INTO auth.sessions
       (session_id, user_id, expires_at, device_name, agent, address, last_seen_at)
     VALUES ($1, $2, $3, $4, $5, $6, now())
     RETURNING created_at`,
    [sessionId, userId, new Date(expiresAtMs), deviceName, agent, address],
  );
  if (row === undefined) throw new Error('the session was not stored');
  return row.created_at.getTime();
}

export async function findLiveSession(
  sql: Sql,
  sessionId: string,
): Promise<LiveSession | undefined> {
  const rows = await sql.query<SessionRow>(
    `SELECT session_id, user_id, expires_at FROM auth.sessions
     WHERE session_id = $1 AND ended_at IS NULL AND expires_at > now()`,
    [sessionId],
  );
  return rows[0] && liveSession(rows[0]);
}

/**
 * Finds a live session and holds it: nobody can end it before this transaction does, so an ended
 * session has no younger token. `heldAtMs` is the start of the transaction by the database's clock,
 * in milliseconds since the epoch.
 */
export async function holdLiveSession(
  sql: Sql,
  sessionId: string,
): Promise<HeldSession | undefined> {
  const [row] = await sql.query<HeldRow>(
    `SELECT session_id, user_id, expires_at, created_at, now() AS now,
       coalesce(last_seen_at, created_at) AS last_seen_at
     FROM auth.sessions
     WHERE session_id = $1 AND ended_at IS NULL AND expires_at > now() FOR SHARE`,
    [sessionId],
  );
  return (
    row && {
      ...liveSession(row),
      heldAtMs: row.now.getTime(),
      startedAtMs: row.created_at.getTime(),
      lastSeenAtMs: row.last_seen_at.getTime(),
    }
  );
}

/** Writes down that a held session is used: its new expiry, and from where. */
export async function markSessionUsed(
  sql: Sql,
  { sessionId, expiresAtMs }: LiveSession,
  { agent, address }: Pick<SessionClient, 'agent' | 'address'>,
): Promise<void> {
  await sql.execute(
    `UPDATE auth.sessions SET expires_at = $2, last_seen_at = now(), agent = $3, address = $4
     WHERE session_id = $1`,
    [sessionId, new Date(expiresAtMs), agent, address],
  );
}

/** Ends a session, unless it has ended. */
export async function endSession(sql: Sql, sessionId: string): Promise<void> {
  await sql.execute(
    'UPDATE auth.sessions SET ended_at = now() WHERE session_id = $1 AND ended_at IS NULL',
    [sessionId],
  );
}

/** Ends every live session of a user, and the sign-ins in progress; returns the ids of the sessions. */
export async function endSessionsOf(sql: Sql, userId: string): Promise<string[]> {
  await endChallengesOf(sql, userId);
  const rows = await sql.query<{ session_id: string }>(
    `UPDATE auth.sessions SET ended_at = now()
     WHERE user_id = $1 AND ended_at IS NULL AND expires_at > now() RETURNING session_id`,
    [userId],
  );
  return rows.map((row) => row.session_id);
}

/** Ends the live sessions of a user except one, and returns their ids. */
export async function endOtherSessionsOf(
  sql: Sql,
  userId: string,
  keptSessionId: string,
): Promise<string[]> {
  const rows = await sql.query<{ session_id: string }>(
    `UPDATE auth.sessions SET ended_at = now()
     WHERE user_id = $1 AND session_id <> $2 AND ended_at IS NULL AND expires_at > now()
     RETURNING session_id`,
    [userId, keptSessionId],
  );
  return rows.map((row) => row.session_id);
}

/** A session that has ended, in the order of the end. */
export interface EndedSession {
  readonly endedAt: Date;
  readonly sessionId: string;
}

/** Sessions that have ended after a position but would not have expired yet, oldest end first. */
export async function listEndedSessions(
  sql: Sql,
  after: EndedSession,
  limit: number,
): Promise<EndedSession[]> {
  // Whole milliseconds, as the position has: a page may begin with the end of the last one.
  const rows = await sql.query<{ session_id: string; ended_at: Date }>(
    `SELECT session_id, ended_at FROM auth.sessions
     WHERE ended_at IS NOT NULL AND ended_at >= $1 AND expires_at > now()
       AND (ended_at >= $1::timestamptz + interval '1 millisecond' OR session_id > $2)
     ORDER BY date_trunc('milliseconds', ended_at), session_id LIMIT $3`,
    [after.endedAt, after.sessionId, limit],
  );
  return rows.map((row) => ({ endedAt: row.ended_at, sessionId: row.session_id }));
}

/** Ends at most `limit` sessions created until `until`; returns how many of them were live. */
export async function endSomeSessions(
  sql: Sql,
  until: Date,
  limit: number,
): Promise<{ readonly ended: number; readonly live: number }> {
  const rows = await sql.query<{ live: boolean }>(
    `UPDATE auth.sessions SET ended_at = now()
     WHERE ended_at IS NULL AND session_id IN (
       SELECT session_id FROM auth.sessions WHERE ended_at IS NULL AND created_at <= $1
       ORDER BY created_at LIMIT $2)
     RETURNING expires_at > now() AS live`,
    [until, limit],
  );
  return { ended: rows.length, live: rows.filter(({ live }) => live).length };
}

function liveSession(row: SessionRow): LiveSession {
  return {
    sessionId: row.session_id,
    userId: row.user_id,
    expiresAtMs: row.expires_at.getTime(),
  };
}
