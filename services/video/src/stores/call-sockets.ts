import type { Database, Sql } from '@secureconnect/postgres';
import type { Part } from './live-calls.ts';

/** How long the place of a user is kept who has lost their last socket. */
export const returnSeconds = 30;
/** A socket that its instance has not renewed for this long is lost; three sweeps are missed. */
const staleSeconds = 15;
/** How long a user who has joined may take to open the first socket. */
const connectSeconds = 120;
const maxFound = 200;

/** An open signaling socket of a session, on any instance. */
export interface SocketRow extends Part {
  readonly sessionId: string;
  readonly socketId: string;
}

/**
 * Stores an open socket, in a transaction of `withParticipant`; it replaces an earlier one of the
 * same session, whose id is returned. A user who had lost their socket is back.
 */
export async function storeSocket(
  sql: Sql,
  { callId, userId, sessionId, socketId }: SocketRow,
): Promise<string | undefined> {
  const key = [callId, userId, sessionId];
  const [earlier] = await sql.query<{ socket_id: string }>(
    `SELECT socket_id FROM video.call_sockets
     WHERE call_id = $1 AND user_id = $2 AND session_id = $3`,
    key,
  );
  await sql.execute(
    `INSERT INTO video.call_sockets (call_id, user_id, session_id, socket_id, heard_at)
     VALUES ($1, $2, $3, $4, now())
     ON CONFLICT (call_id, user_id, session_id)
     DO UPDATE SET socket_id = excluded.socket_id, heard_at = excluded.heard_at`,
    [...key, socketId],
  );
  await sql.execute(
    `UPDATE video.call_participants SET lost_at = NULL, returned_at = now()
     WHERE call_id = $1 AND user_id = $2 AND (lost_at IS NOT NULL OR $3)`,
    [callId, userId, earlier !== undefined],
  );
  return earlier?.socket_id;
}

/** Whether a participant has a signaling socket on any instance. */
export async function isConnected(sql: Sql, { callId, userId }: Part): Promise<boolean> {
  const rows = await sql.query(
    'SELECT user_id FROM video.call_sockets WHERE call_id = $1 AND user_id = $2 LIMIT 1',
    [callId, userId],
  );
  return rows.length > 0;
}

/**
 * Removes a socket that is closed. If it was the last one of a user in the call, the time to return
 * begins. Returns false if the socket was not stored (any more).
 * @param onlyIfStale keeps a socket that was renewed meanwhile
 */
export async function removeSocket(
  database: Database,
  { callId, userId, sessionId, socketId }: SocketRow,
  onlyIfStale = false,
): Promise<boolean> {
  return withParticipant(database, { callId, userId }, async (sql) => {
    const removed = await sql.execute(
      `DELETE FROM video.call_sockets
       WHERE call_id = $1 AND user_id = $2 AND session_id = $3 AND socket_id = $4
         AND (NOT $5 OR ${isStale})`,
      [callId, userId, sessionId, socketId, onlyIfStale],
    );
    if (removed === 0) return false;
    await sql.execute(
      `UPDATE video.call_participants AS part SET lost_at = now()
       WHERE call_id = $1 AND user_id = $2 AND state = 'joined' AND lost_at IS NULL
         AND NOT ${hasSocket('part')}`,
      [callId, userId],
    );
    return true;
  });
}

/**
 * Records that sockets of this process are open, in the order in which they were opened. Returns the
 * ids of those that a newer socket of their session has replaced.
 */
export async function renewSockets(
  sql: Sql,
  opened: readonly SocketRow[],
): Promise<ReadonlySet<string>> {
  // One statement may not change a row twice.
  const newest = new Map(opened.map((socket) => [keyOf(socket), socket]));
  const sockets = [...newest.values()];
  const renewed = await sql.query<{ socket_id: string }>(
    // One that was taken for lost, while this process could not reach the database, is back.
    `INSERT INTO video.call_sockets (call_id, user_id, session_id, socket_id, heard_at)
     SELECT call_id, user_id, session_id, socket_id, now()
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[])
       AS open (call_id, user_id, session_id, socket_id)
     ON CONFLICT (call_id, user_id, session_id) DO UPDATE SET heard_at = now()
     WHERE call_sockets.socket_id = excluded.socket_id
     RETURNING socket_id`,
    [
      sockets.map(({ callId }) => callId),
      sockets.map(({ userId }) => userId),
      sockets.map(({ sessionId }) => sessionId),
      sockets.map(({ socketId }) => socketId),
    ],
  );
  const ids = new Set(renewed.map(({ socket_id }) => socket_id));
  return new Set(opened.map(({ socketId }) => socketId).filter((id) => !ids.has(id)));
}

function keyOf({ callId, userId, sessionId }: SocketRow): string {
  return [callId, userId, sessionId].join(' ');
}

/** Users who were lost although they have a socket, which was taken for lost, are back. */
export async function welcomeBack(sql: Sql, callIds: readonly string[]): Promise<void> {
  await sql.execute(
    `UPDATE video.call_participants AS part SET lost_at = NULL
     WHERE call_id = ANY($1::uuid[]) AND lost_at IS NOT NULL AND ${hasSocket('part')}`,
    [callIds],
  );
}

/** Sockets of instances that do not renew them. */
export async function staleSockets(sql: Sql): Promise<SocketRow[]> {
  const rows = await sql.query<{
    call_id: string;
    user_id: string;
    session_id: string;
    socket_id: string;
  }>(
    `SELECT call_id, user_id, session_id, socket_id FROM video.call_sockets
     WHERE ${isStale} ORDER BY heard_at LIMIT ${maxFound}`,
  );
  return rows.map((row) => ({
    callId: row.call_id,
    userId: row.user_id,
    sessionId: row.session_id,
    socketId: row.socket_id,
  }));
}

/**
 * Users in a live mesh who have had no socket for too long; with `only`, of that call. Calls of
 * earlier instances, which stored no sockets, have no `joined_at`.
 */
export async function absentParts(sql: Sql, only?: string): Promise<Part[]> {
  const rows = await sql.query<{ call_id: string; user_id: string }>(
    `SELECT part.call_id, part.user_id
     FROM video.call_participants AS part JOIN video.calls ON calls.call_id = part.call_id
     WHERE ($1::uuid IS NULL OR part.call_id = $1) AND part.state = 'joined'
       AND calls.topology = 'mesh' AND calls.status IN ('ringing', 'active')
       AND (part.lost_at < now() - interval '${returnSeconds} seconds'
         OR (part.lost_at IS NULL
           AND part.joined_at < now() - interval '${connectSeconds} seconds'))
       AND NOT ${hasSocket('part')} LIMIT ${maxFound}`,
    [only ?? null],
  );
  return rows.map(({ call_id: callId, user_id: userId }) => ({ callId, userId }));
}

const isStale = `heard_at < now() - interval '${staleSeconds} seconds'`;

/** SQL condition: a participant, given as SQL, has a signaling socket. */
export function hasSocket(part: string): string {
  return `EXISTS (
    SELECT 1 FROM video.call_sockets AS open
    WHERE open.call_id = ${part}.call_id AND open.user_id = ${part}.user_id)`;
}

/**
 * One change at a time to the sockets of a user in a call, so that of two sockets that close at once
 * one is the last. The lock suffices; SERIALIZABLE would make sockets of different calls conflict.
 */
export function withParticipant<Result>(
  database: Database,
  { callId, userId }: Part,
  work: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  return database.transaction(
    async (sql) => {
      await sql.execute(
        `SELECT user_id FROM video.call_participants
         WHERE call_id = $1 AND user_id = $2 FOR UPDATE`,
        [callId, userId],
      );
      return work(sql);
    },
    { isolation: 'READ COMMITTED' },
  );
}
