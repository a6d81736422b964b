import type { Sql } from '@secureconnect/postgres';

/** A room is compared with its call this often, if no webhook says anything. */
const checkSeconds = 10;
/** Tokens of LiveKit are good for ten minutes, so somebody may come to a room after its call. */
const keptMinutes = 15;
/** Absences are not judged by what was seen before a pause of this length. */
const pauseSeconds = 35;
/** A user who is not in the room for this long has left the call. */
const absentSeconds = 60;

/** Has the room of a new call checked from now on. */
export async function addRoom(sql: Sql, callId: string): Promise<void> {
  await sql.execute(
    `INSERT INTO video.sfu_rooms (call_id, check_at)
     VALUES ($1, now() + interval '${checkSeconds} seconds')`,
    [callId],
  );
}

/**
 * Calls whose rooms are due to be checked, at most `limit`; of several instances, one gets each.
 * They are due again in ten seconds, whether the check succeeds or not.
 */
export async function claimRooms(sql: Sql, limit: number): Promise<string[]> {
  const rows = await sql.query<{ call_id: string }>(
    `UPDATE video.sfu_rooms SET check_at = now() + interval '${checkSeconds} seconds'
     WHERE call_id IN (
       SELECT call_id FROM video.sfu_rooms WHERE check_at <= now()
       ORDER BY check_at LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING call_id`,
    [limit],
  );
  return rows.map(({ call_id }) => call_id);
}

/** After a check that found the room of a call as it must be; ends the checks of past calls. */
export async function noteCompared(sql: Sql, callId: string): Promise<void> {
  await sql.execute('UPDATE video.sfu_rooms SET compared_at = now() WHERE call_id = $1', [callId]);
  await sql.execute(
    `DELETE FROM video.sfu_rooms WHERE call_id = $1 AND NOT EXISTS (
       SELECT 1 FROM video.calls
       WHERE calls.call_id = sfu_rooms.call_id AND (calls.status IN ('ringing', 'active')
         OR calls.ended_at > now() - interval '${keptMinutes} minutes'))`,
    [callId],
  );
}

/**
 * Notes which of the users who have joined an answered call are in its room. Returns those who have
 * not been there for a minute, during which the room was looked at all the time.
 */
export async function noteWhoIsThere(
  sql: Sql,
  callId: string,
  presentIds: readonly string[],
): Promise<string[]> {
  await sql.execute(
    `UPDATE video.call_participants SET sfu_absent_since = NULL
     WHERE call_id = $1 AND sfu_absent_since IS NOT NULL AND (
       user_id = ANY($2::uuid[]) OR state <> 'joined' OR NOT EXISTS (
         SELECT 1 FROM video.sfu_rooms WHERE sfu_rooms.call_id = call_participants.call_id
           AND compared_at > now() - interval '${pauseSeconds} seconds'))`,
    [callId, presentIds],
  );
  await sql.execute(
    `UPDATE video.call_participants SET sfu_absent_since = now()
     WHERE call_id = $1 AND sfu_absent_since IS NULL AND state = 'joined'
       AND user_id <> ALL($2::uuid[])`,
    [callId, presentIds],
  );
  const rows = await sql.query<{ user_id: string }>(
    `SELECT user_id FROM video.call_participants
     WHERE call_id = $1 AND state = 'joined'
       AND sfu_absent_since <= now() - interval '${absentSeconds} seconds'`,
    [callId],
  );
  return rows.map(({ user_id }) => user_id);
}
