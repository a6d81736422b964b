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

/** Whether a live session was started, or stepped up, recently enough for a sensitive change. */
export async function isSteppedUp(sql: Sql, sessionId: string): Promise<boolean> {
  const rows = await sql.query(
    `SELECT session_id FROM auth.sessions
     WHERE session_id = $1 AND ended_at IS NULL AND expires_at > now()
       AND greatest(created_at, coalesce(stepped_up_at, created_at))
         > now() - $2 * interval '1 second'
     FOR SHARE`,
    [sessionId, STEP_UP_SECONDS],
  );
  return rows.length > 0;
}
