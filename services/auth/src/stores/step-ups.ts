import { STEP_UP_SECONDS } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';

/**
 * Records that the user of a live session has proved again who they are. Returns until when this
 * counts, by the database's clock; undefined if the session is not live.
 */
export async function recordStepUp(sql: Sql, sessionId: string): Promise<Date | undefined> {
  const [row] = await sql.query<{ until: Date }>(
    `UPDATE auth.sessions SET stepped_up_at = now()
     WHERE session_id = $1 AND ended_at IS NULL AND expires_at > now()
     RETURNING stepped_up_at + $2 * interval '1 second' AS until`,
    [sessionId, STEP_UP_SECONDS],
  );
  return row?.until;
}

/**
 * Whether a live session was started, or stepped up, recently enough for a sensitive change; and
 * since the account has a second factor: what was proved without it no longer counts.
 */
export async function isSteppedUp(sql: Sql, sessionId: string): Promise<boolean> {
  const rows = await sql.query(
    `SELECT session_id FROM auth.sessions
     WHERE session_id = $1 AND ended_at IS NULL AND expires_at > now()
       AND greatest(created_at, coalesce(stepped_up_at, created_at))
         > now() - $2 * interval '1 second'
       AND NOT EXISTS (SELECT 1 FROM auth.totp_factors AS factor
         WHERE factor.user_id = sessions.user_id
           AND factor.confirmed_at > greatest(sessions.created_at,
             coalesce(sessions.stepped_up_at, sessions.created_at)))
     FOR SHARE`,
    [sessionId, STEP_UP_SECONDS],
  );
  return rows.length > 0;
}
