import { randomUUID } from 'node:crypto';
import type { Database, Sql } from '@secureconnect/postgres';
import { hasSocket, withParticipant } from './call-sockets.ts';
import { isPresent, type Part } from './live-calls.ts';

/** How long an offer waits for its peer. */
const keptSeconds = 30;
/** Maximum candidates that are kept with an offer; browsers find about a dozen. */
const maxCandidates = 64;

/** A frame of a sender for a peer, who had no socket a moment ago. */
export interface AddressedSignal {
  readonly callId: string;
  readonly from: string;
  readonly to: string;
  readonly type: string;
  /** As the peer is to receive it. */
  readonly frame: object;
}

/** `present`: the peer has a socket meanwhile; `away`: the frame cannot be kept. */
export type Fate = 'kept' | 'present' | 'away';

/**
 * Keeps an offer until its peer opens a socket, in place of an earlier one, or a candidate that
 * follows a kept offer.
 */
export function keepSignal(database: Database, signal: AddressedSignal): Promise<Fate> {
  const { callId, to, type } = signal;
  // The same lock as opening a socket: what is kept is seen by the socket that opens next.
  return withParticipant(database, { callId, userId: to }, async (sql) => {
    const peer = await peerOf(sql, { callId, userId: to });
    if (peer.hasSocket) return 'present';
    if (!peer.isPresent) return 'away';
    if (type === 'offer') return keepOffer(sql, signal);
    return type === 'ice_candidate' ? keepCandidate(sql, signal) : 'away';
  });
}

/**
 * Takes the frames that were kept for a user who opens a socket, in the order in which they were
 * sent. In the transaction of the socket.
 */
export async function takeSignals(sql: Sql, { callId, userId }: Part): Promise<object[]> {
  const rows = await sql.query<{ frame: string }>(
    `SELECT frame FROM video.kept_signals AS kept
     JOIN video.call_participants AS part
       ON part.call_id = kept.call_id AND part.user_id = kept.from_user
     WHERE kept.call_id = $1 AND to_user = $2 AND ${isPresent}
       AND at > now() - interval '${keptSeconds} seconds'
     ORDER BY from_user, number`,
    [callId, userId],
  );
  await sql.execute('DELETE FROM video.kept_signals WHERE call_id = $1 AND to_user = $2', [
    callId,
    userId,
  ]);
  return rows.map(({ frame }) => JSON.parse(frame));
}

/** Removes what nobody has taken in time. */
export async function sweepSignals(sql: Sql): Promise<void> {
  await sql.execute(
    `DELETE FROM video.kept_signals WHERE at < now() - interval '${keptSeconds} seconds'`,
  );
}

async function peerOf(
  sql: Sql,
  { callId, userId }: Part,
): Promise<{ readonly hasSocket: boolean; readonly isPresent: boolean }> {
  const [row] = await sql.query<{ has_socket: boolean; is_present: boolean }>(
    `SELECT ${hasSocket('part')} AS has_socket, ${isPresent} AS is_present
     FROM video.call_participants AS part WHERE call_id = $1 AND user_id = $2`,
    [callId, userId],
  );
  return { hasSocket: row?.has_socket === true, isPresent: row?.is_present === true };
}

async function keepOffer(sql: Sql, signal: AddressedSignal): Promise<Fate> {
  const { callId, from, to } = signal;
  await sql.execute(
    'DELETE FROM video.kept_signals WHERE call_id = $1 AND to_user = $2 AND from_user = $3',
    [callId, to, from],
  );
  await insert(sql, signal, 0);
  return 'kept';
}

async function keepCandidate(sql: Sql, signal: AddressedSignal): Promise<Fate> {
  const { callId, from, to } = signal;
  const [row] = await sql.query<{ count: string }>(
    `SELECT count(*) AS count FROM video.kept_signals
     WHERE call_id = $1 AND to_user = $2 AND from_user = $3`,
    [callId, to, from],
  );
  const kept = Number(row?.count);
  if (kept === 0 || kept > maxCandidates) return 'away';
  await insert(sql, signal, kept);
  return 'kept';
}

async function insert(
  sql: Sql,
  { callId, from, to, frame }: AddressedSignal,
  number: number,
): Promise<void> {
  await sql.execute(
    `INSERT INTO video.kept_signals (signal_id, call_id, from_user, to_user, number, frame, at)
     VALUES ($1, $2, $3, $4, $5, $6, now())`,
    [randomUUID(), callId, from, to, number, JSON.stringify(frame)],
  );
}
