import type { CallType } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import { isMember, isOutOfReach, queryViews } from './membership.ts';

/** How long a call rings; its times are the database's, so that all instances agree on them. */
const ringSeconds = 30;

/** SQL: of a row of calls, whether people are or may yet come together in it. */
const isLive = "calls.status IN ('ringing', 'active')";
/** SQL: of a row of participants, whether they are in the call, or are being called. */
const isPresent = "part.state IN ('ringing', 'joined')";

export interface NewCallRecord {
  readonly callId: string;
  readonly conversationId: string;
  readonly callType: CallType;
  readonly hostId: string;
  readonly calleeIds: readonly string[];
}

/** Makes a call that rings. Returns false where the conversation has a live one. */
export async function insertCall(sql: Sql, call: NewCallRecord): Promise<boolean> {
  const { callId, conversationId, callType, hostId, calleeIds } = call;
  const made = await sql.execute(
    `INSERT INTO video.calls
       (call_id, conversation_id, call_type, host_id, status, created_at, ring_until)
     VALUES ($1, $2, $3, $4, 'ringing', now(), now() + $5::float8 * interval '1 second')
     ON CONFLICT DO NOTHING`,
    [callId, conversationId, callType, hostId, ringSeconds],
  );
  if (made === 0) return false;
  await sql.execute(
    `INSERT INTO video.call_participants (call_id, user_id, state)
     SELECT $1::uuid, $2::uuid, 'joined' UNION ALL
     SELECT $1::uuid, callee.user_id, 'ringing' FROM unnest($3::uuid[]) AS callee (user_id)`,
    [callId, hostId, calleeIds],
  );
  return true;
}

/** The live call of a conversation. A unique index sees to it that there is one at most. */
export async function liveCallId(sql: Sql, conversationId: string): Promise<string | undefined> {
  const rows = await sql.query<{ call_id: string }>(
    `SELECT call_id FROM video.calls WHERE conversation_id = $1 AND ${isLive}`,
    [conversationId],
  );
  return rows[0]?.call_id;
}

/** A user's part in a call. */
export interface Part {
  readonly callId: string;
  readonly userId: string;
}

/** What a user may do in a call now. */
export interface Place {
  /** Whether the call is live and the user in it, or being called. */
  readonly takesPart: boolean;
  readonly isMember: boolean;
  readonly isOutOfReach: boolean;
}

/** Asked for each signal. Undefined where there is no such part. */
export async function placeOf(sql: Sql, { callId, userId }: Part): Promise<Place | undefined> {
  const [row] = await queryViews<{
    takes_part: boolean;
    is_member: boolean;
    out_of_reach: boolean;
  }>(
    sql,
    `SELECT ${isLive} AND ${isPresent} AS takes_part,
       ${isMember('calls.conversation_id', 'part.user_id')} AS is_member,
       ${isOutOfReach('calls.conversation_id')} AS out_of_reach
     FROM video.calls JOIN video.call_participants AS part USING (call_id)
     WHERE call_id = $1 AND part.user_id = $2`,
    [callId, userId],
  );
  if (row === undefined) return undefined;
  const { takes_part: takesPart, is_member: isIn, out_of_reach: isOut } = row;
  return { takesPart, isMember: isIn, isOutOfReach: isOut };
}

/** Those of these parts that are over: the call has ended, or the user has left it. */
export async function partsThatAreOver(sql: Sql, parts: readonly Part[]): Promise<Part[]> {
  const rows = await sql.query<PartRow>(
    `SELECT asked.call_id, asked.user_id
     FROM unnest($1::uuid[], $2::uuid[]) AS asked (call_id, user_id)
     WHERE NOT EXISTS (
       SELECT 1 FROM video.calls JOIN video.call_participants AS part USING (call_id)
       WHERE calls.call_id = asked.call_id AND ${isLive}
         AND part.user_id = asked.user_id AND ${isPresent})`,
    [parts.map(({ callId }) => callId), parts.map(({ userId }) => userId)],
  );
  return rows.map(toPart);
}

/** Looks for calls, at most a few hundred; `only` in one of them where it is given. */
export type FindCalls = (sql: Sql, only?: string) => Promise<string[]>;

/** The next look finds the rest. */
const maxFound = 200;

/** Parts in live calls of users who are in the conversation no longer. */
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

/** Live calls of two, one of whom has blocked the other since. */
export const callsOutOfReach = callsWhere(`${isLive} AND ${isOutOfReach('calls.conversation_id')}`);

/** Calls in which somebody rings longer than the time to answer. */
export const overdueCalls = callsWhere(
  `${isLive} AND ring_until <= now() AND EXISTS (
     SELECT 1 FROM video.call_participants AS part
     WHERE part.call_id = calls.call_id AND part.state = 'ringing')`,
);

/** An answered call in which nobody has had a signaling socket for so long is over. */
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

/** Notes that calls have signaling sockets, unless that was noted a while ago. */
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
