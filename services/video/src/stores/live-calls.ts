import type { CallTopology, CallType } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import { isMember, isOutOfReach, queryViews } from './membership.ts';

/** How long a call rings, by the database's clock, so that all instances agree. */
const ringSeconds = 30;

/** SQL condition on a row of calls: it is ringing or active. */
const isLive = "calls.status IN ('ringing', 'active')";
/** SQL condition on a row of participants: they are in the call or are being called. */
export const isPresent = "part.state IN ('ringing', 'joined')";

export interface NewCallRecord {
  readonly callId: string;
  readonly conversationId: string;
  readonly callType: CallType;
  readonly topology: CallTopology;
  readonly hostId: string;
  readonly calleeIds: readonly string[];
}

/** Creates a ringing call. Returns false if the conversation has a live call. */
export async function insertCall(sql: Sql, call: NewCallRecord): Promise<boolean> {
  const { callId, conversationId, callType, topology, hostId, calleeIds } = call;
  const made = await sql.execute(
    `INSERT INTO video.calls
       (call_id, conversation_id, call_type, caller_id, host_id, status, created_at, ring_until,
        topology)
     VALUES ($1, $2, $3, $4, $4, 'ringing', now(), now() + $5::float8 * interval '1 second', $6)
     ON CONFLICT DO NOTHING`,
    [callId, conversationId, callType, hostId, ringSeconds, topology],
  );
  if (made === 0) return false;
  await sql.execute(
    `INSERT INTO video.call_participants (call_id, user_id, state, called_at, joined_at)
     SELECT $1::uuid, $2::uuid, 'joined', date_trunc('milliseconds', now()), now() UNION ALL
     SELECT $1::uuid, callee.user_id, 'ringing', date_trunc('milliseconds', now()), NULL
     FROM unnest($3::uuid[]) AS callee (user_id)`,
    [callId, hostId, calleeIds],
  );
  return true;
}

/** The live call of a conversation. A unique index guarantees that there is at most one. */
export async function liveCallId(sql: Sql, conversationId: string): Promise<string | undefined> {
  const rows = await sql.query<{ call_id: string }>(
    `SELECT call_id FROM video.calls WHERE conversation_id = $1 AND ${isLive}`,
    [conversationId],
  );
  return rows[0]?.call_id;
}

/** A user without a signaling socket for this long may be called again. */
const busySeconds = 60;

/** Which of these users are in a call. */
export async function busyAmong(
  sql: Sql,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ user_id: string }>(
    `SELECT part.user_id FROM video.call_participants AS part JOIN video.calls USING (call_id)
     WHERE part.user_id = ANY($1::uuid[]) AND part.state = 'joined' AND ${isLive}
       AND heard_at > now() - interval '${busySeconds} seconds'`,
    [userIds],
  );
  return new Set(rows.map((row) => row.user_id));
}

/** A user's part in a call. */
export interface Part {
  readonly callId: string;
  readonly userId: string;
}

/** What a user may currently do in a call. */
export interface Place {
  /** Whether the call is live and the user is in it or being called. */
  readonly takesPart: boolean;
  readonly isMember: boolean;
  readonly isOutOfReach: boolean;
  /** Whether the peer of the signal has a socket on any instance. */
  readonly peerHasSocket: boolean;
}

/** Queried for each signal, for `to` if it is for one peer. Undefined if there is no such part. */
export async function placeOf(
  sql: Sql,
  { callId, userId }: Part,
  to?: string,
): Promise<Place | undefined> {
  const [row] = await queryViews<{
    takes_part: boolean;
    is_member: boolean;
    out_of_reach: boolean;
    peer_has_socket: boolean;
  }>(
    sql,
    `SELECT ${isLive} AND ${isPresent} AS takes_part,
       ${isMember('calls.conversation_id', 'part.user_id')} AS is_member,
       ${isOutOfReach('calls.conversation_id')} AS out_of_reach,
       EXISTS (
         SELECT 1 FROM video.call_sockets AS open
         WHERE open.call_id = calls.call_id AND open.user_id = $3) AS peer_has_socket
     FROM video.calls JOIN video.call_participants AS part USING (call_id)
     WHERE call_id = $1 AND part.user_id = $2`,
    [callId, userId, to ?? null],
  );
  if (row === undefined) return undefined;
  return {
    takesPart: row.takes_part,
    isMember: row.is_member,
    isOutOfReach: row.out_of_reach,
    peerHasSocket: row.peer_has_socket,
  };
}

/** Finds the ids of at most a few hundred calls; with `only`, checks that one call. */
export type FindCalls = (sql: Sql, only?: string) => Promise<string[]>;

/** Maximum results per query; the next sweep finds the rest. */
const maxFound = 200;

/** Parts in live calls of users who have left the conversation. */
export async function partsOfStrangers(sql: Sql, only?: string): Promise<Part[]> {
  const rows = await sql.query<PartRow>(
    `SELECT call_id, part.user_id
     FROM video.calls JOIN video.call_participants AS part USING (call_id)
     WHERE ($1::uuid IS NULL OR call_id = $1) AND ${isLive} AND ${isPresent}
       AND NOT ${isMember('calls.conversation_id', 'part.user_id')} LIMIT ${maxFound}`,
    [only ?? null],
  );
  return rows.map(toPart);
}

/** Live direct calls in which one user has blocked the other. */
export const callsOutOfReach = callsWhere(`${isLive} AND ${isOutOfReach('calls.conversation_id')}`);

/** Calls that ring longer than the time to answer. */
export const overdueCalls = callsWhere(
  `${isLive} AND ring_until <= now() AND EXISTS (
     SELECT 1 FROM video.call_participants AS part
     WHERE part.call_id = calls.call_id AND part.state = 'ringing')`,
);

/** An answered call without a signaling socket for this long is over. */
const abandonedSeconds = 120;

/** Answered calls that nobody is in any more. */
export const abandonedCalls = callsWhere(
  `calls.status = 'active' AND heard_at < now() - interval '${abandonedSeconds} seconds'`,
);

function callsWhere(condition: string): FindCalls {
  return async (sql, only) => {
    const rows = await sql.query<{ call_id: string }>(
      `SELECT call_id FROM video.calls
       WHERE ($1::uuid IS NULL OR call_id = $1) AND ${condition} LIMIT ${maxFound}`,
      [only ?? null],
    );
    return rows.map((row) => row.call_id);
  };
}

/** Records that calls have signaling sockets, at most every 20 seconds. */
export async function noteHeard(sql: Sql, ids: readonly string[]): Promise<void> {
  await sql.execute(
    `UPDATE video.calls SET heard_at = now()
     WHERE call_id = ANY($1::uuid[]) AND ${isLive} AND heard_at < now() - interval '20 seconds'`,
    [[...new Set(ids)]],
  );
}

interface PartRow {
  call_id: string;
  user_id: string;
}

function toPart({ call_id: callId, user_id: userId }: PartRow): Part {
  return { callId, userId };
}
