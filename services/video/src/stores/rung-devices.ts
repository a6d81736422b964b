import { type Database, repeatWhileFull, type Sql } from '@secureconnect/postgres';

/** The number of rows removed by one statement; a long statement would block others. */
const batchSize = 1000;

/** A device, and a call of its user. */
export interface DeviceCall {
  readonly tokenId: string;
  readonly sessionId: string;
  readonly callId: string;
  readonly userId: string;
}

/**
 * Notes, before it is sent, that a device is pushed that a call rings. Returns for how many seconds
 * it still does; undefined if it does not. SERIALIZABLE: the end of the call either sees the note
 * and has the device stop ringing, or is seen here.
 */
export function noteRinging(
  database: Database,
  { tokenId, callId, userId }: DeviceCall,
): Promise<number | undefined> {
  return database.transaction(async (sql) => {
    const [ringing] = await sql.query<{ seconds: number }>(
      `SELECT extract(epoch FROM ring_until - now())::float8 AS seconds
       FROM video.calls JOIN video.call_participants AS part USING (call_id)
       WHERE call_id = $1 AND part.user_id = $2 AND part.state = 'ringing'
         AND calls.status IN ('ringing', 'active') AND ring_until > now()`,
      [callId, userId],
    );
    if (ringing === undefined) return undefined;
    await sql.execute(
      `INSERT INTO video.rung_devices (call_id, token_id, rung_at) VALUES ($1, $2, now())
       ON CONFLICT DO NOTHING`,
      [callId, tokenId],
    );
    return ringing.seconds;
  });
}

/** Whether a device was pushed that a call rings, and is not the one that has answered it. */
export function mustStopRinging(
  database: Database,
  { tokenId, sessionId, callId, userId }: DeviceCall,
): Promise<boolean> {
  return database.transaction(async (sql) => {
    const rows = await sql.query(
      `SELECT 1 FROM video.rung_devices WHERE call_id = $1 AND token_id = $2 AND NOT EXISTS (
         SELECT 1 FROM video.call_participants AS part
         WHERE part.call_id = $1 AND part.user_id = $3 AND part.answered_session = $4)`,
      [callId, tokenId, userId, sessionId],
    );
    return rows.length > 0;
  });
}

/** The device has been told that the call does not ring any more. */
export async function forgetRinging(
  sql: Sql,
  { tokenId, callId }: Pick<DeviceCall, 'tokenId' | 'callId'>,
): Promise<void> {
  await sql.execute('DELETE FROM video.rung_devices WHERE call_id = $1 AND token_id = $2', [
    callId,
    tokenId,
  ]);
}

/** Removes notes of calls that ended long ago. */
export async function sweepRungDevices(sql: Sql): Promise<void> {
  await repeatWhileFull(batchSize, () =>
    sql.execute(
      `DELETE FROM video.rung_devices WHERE (call_id, token_id) IN (
         SELECT call_id, token_id FROM video.rung_devices
         WHERE rung_at < now() - interval '1 day' LIMIT ${batchSize})`,
    ),
  );
}
