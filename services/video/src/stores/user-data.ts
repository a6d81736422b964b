import type { Sql } from '@secureconnect/postgres';

/** Stands for a user who is no longer known. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** Calls that a user hosted or took part in. */
export async function callsOfUser(sql: Sql, userId: string, limit: number): Promise<string[]> {
  const rows = await sql.query<{ call_id: string }>(
    `SELECT call_id FROM video.call_participants WHERE user_id = $1
     UNION SELECT call_id FROM video.calls WHERE host_id = $1 OR caller_id = $1 LIMIT $2`,
    [userId, limit],
  );
  return rows.map((row) => row.call_id);
}

/** Removes a user from a call, and the call if nobody is left in it. */
export async function eraseFromCall(sql: Sql, callId: string, userId: string): Promise<void> {
  const ofUser = [
    'DELETE FROM video.call_participants WHERE call_id = $1 AND user_id = $2',
    'DELETE FROM video.call_notices WHERE call_id = $1 AND (user_id = $2 OR from_user = $2)',
    'DELETE FROM video.call_quality WHERE call_id = $1 AND user_id = $2',
    'UPDATE video.call_quality SET peer_id = NULL WHERE call_id = $1 AND peer_id = $2',
    'DELETE FROM video.call_sockets WHERE call_id = $1 AND user_id = $2',
    'DELETE FROM video.kept_signals WHERE call_id = $1 AND (from_user = $2 OR to_user = $2)',
    `UPDATE video.calls SET host_id = '${nobody}' WHERE call_id = $1 AND host_id = $2`,
    `UPDATE video.calls SET caller_id = '${nobody}' WHERE call_id = $1 AND caller_id = $2`,
  ];
  for (const statement of ofUser) await sql.execute(statement, [callId, userId]);
  await sql.execute(
    `DELETE FROM video.calls WHERE call_id = $1 AND NOT EXISTS (
       SELECT 1 FROM video.call_participants AS part WHERE part.call_id = calls.call_id)`,
    [callId],
  );
}
