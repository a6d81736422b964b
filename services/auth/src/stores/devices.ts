import type { DeviceSession } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import type { Position } from '@secureconnect/service';

interface DeviceRow {
  session_id: string;
  device_name: string | null;
  agent: string | null;
  address: string | null;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
}

// Whole milliseconds: a page's cursor carries no finer time.
const startedAt = "date_trunc('milliseconds', created_at)";

/** The live sessions of a user, newest first, after a position. */
export async function listDevices(
  sql: Sql,
  userId: string,
  after: Position,
  limit: number,
): Promise<Omit<DeviceSession, 'current'>[]> {
  const rows = await sql.query<DeviceRow>(
    `SELECT session_id, device_name, agent, address, ${startedAt} AS created_at,
       coalesce(last_seen_at, created_at) AS last_seen_at, expires_at
     FROM auth.sessions
     WHERE user_id = $1 AND ended_at IS NULL AND expires_at > now()
       AND (${startedAt}, session_id) < ($2::timestamptz, $3::uuid)
     ORDER BY ${startedAt} DESC, session_id DESC LIMIT $4`,
    [userId, after.at, after.id, limit],
  );
  return rows.map(({ created_at, last_seen_at, expires_at, ...fields }) => ({
    ...fields,
    created_at: created_at.toISOString(),
    last_seen_at: last_seen_at.toISOString(),
    expires_at: expires_at.toISOString(),
  }));
}

/**
 * Ends a session of a user. `ended` says whether it was live; undefined if the user has no such
 * session.
 */
export async function endDevice(
  sql: Sql,
  userId: string,
  sessionId: string,
): Promise<{ readonly ended: boolean } | undefined> {
  const ended = await sql.execute(
    `UPDATE auth.sessions SET ended_at = now()
     WHERE session_id = $1 AND user_id = $2 AND ended_at IS NULL AND expires_at > now()`,
    [sessionId, userId],
  );
  if (ended === 1) return { ended: true };
  const known = await sql.query(
    'SELECT 1 FROM auth.sessions WHERE session_id = $1 AND user_id = $2',
    [sessionId, userId],
  );
  return known.length > 0 ? { ended: false } : undefined;
}
