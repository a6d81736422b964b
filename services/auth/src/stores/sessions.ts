import type { Sql } from '@secureconnect/postgres';

/** A session that can be used now. */
export interface LiveSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly expiresAtMs: number;
}

interface SessionRow {
  session_id: string;
  user_id: string;
  expires_at: Date;
}

/** Begins a session; returns when, by the clock of the database, in milliseconds since the epoch. */
export async function insertSession(sql: Sql, session: LiveSession): Promise<number> {
  const [row] = await sql.query<{ created_at: Date }>(
    `INSERT INTO auth.sessions (session_id, user_id, expires_at) VALUES ($1, $2, $3)
     RETURNING created_at`,
    [session.sessionId, session.userId, new Date(session.expiresAtMs)],
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
 * The same, which nobody ends before the transaction that asks: its tokens are known to be older.
 * `heldAtMs` is when that began, by the clock of the database, in milliseconds since the epoch.
 */
export async function holdLiveSession(
  sql: Sql,
  sessionId: string,
): Promise<(LiveSession & { readonly heldAtMs: number }) | undefined> {
  const [row] = await sql.query<SessionRow & { now: Date }>(
    `SELECT session_id, user_id, expires_at, now() AS now FROM auth.sessions
     WHERE session_id = $1 AND ended_at IS NULL AND expires_at > now() FOR SHARE`,
    [sessionId],
  );
  return row && { ...liveSession(row), heldAtMs: row.now.getTime() };
}

/** Moves the end of a live session; false when it is not live. */
export async function extendSession(sql: Sql, session: LiveSession): Promise<boolean> {
  const extended = await sql.execute(
    `UPDATE auth.sessions SET expires_at = $2
     WHERE session_id = $1 AND ended_at IS NULL AND expires_at > now()`,
    [session.sessionId, new Date(session.expiresAtMs)],
  );
  return extended === 1;
}

/** Ends a session; ended ones stay as they are. */
export async function endSession(sql: Sql, sessionId: string): Promise<void> {
  await sql.execute(
    'UPDATE auth.sessions SET ended_at = now() WHERE session_id = $1 AND ended_at IS NULL',
    [sessionId],
  );
}

/** Ends every session of a user and returns the ids of those that were live. */
export async function endSessionsOf(sql: Sql, userId: string): Promise<string[]> {
  const rows = await sql.query<{ session_id: string }>(
    `UPDATE auth.sessions SET ended_at = now()
     WHERE user_id = $1 AND ended_at IS NULL AND expires_at > now() RETURNING session_id`,
    [userId],
  );
  return rows.map((row) => row.session_id);
}

/** Ends at most `limit` sessions that began until `until`; returns how many of them were live. */
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
