import type { CallParticipantState, CallStatus, CallType } from '@secureconnect/contracts';
import type { Database, Sql } from '@secureconnect/postgres';
import {
  type CallChange,
  type CallRecord,
  type EndReason,
  isRingOver,
  stopRinging,
} from '../calls/call.ts';

/** How long a call rings; its times are the database's, so that all instances agree on them. */
const ringSeconds = 30;

export interface NewCallRecord {
  readonly callId: string;
  readonly conversationId: string;
  readonly callType: CallType;
  readonly hostId: string;
  readonly calleeIds: readonly string[];
}

export async function insertCall(database: Database, call: NewCallRecord): Promise<void> {
  const { callId, conversationId, callType, hostId, calleeIds } = call;
  await database.transaction(async (sql) => {
    await sql.execute(
      `INSERT INTO video.calls
         (call_id, conversation_id, call_type, host_id, status, created_at, ring_until)
       VALUES ($1, $2, $3, $4, 'ringing', now(), now() + $5::float8 * interval '1 second')`,
      [callId, conversationId, callType, hostId, ringSeconds],
    );
    await sql.execute(
      `INSERT INTO video.call_participants (call_id, user_id, state)
       SELECT $1::uuid, $2::uuid, 'joined' UNION ALL
       SELECT $1::uuid, callee.user_id, 'ringing' FROM unnest($3::uuid[]) AS callee (user_id)`,
      [callId, hostId, calleeIds],
    );
  });
}

/** A call as it is now: where its ringing has run out, that is noted first. */
export async function findCall(
  database: Database,
  callId: string,
): Promise<CallRecord | undefined> {
  const found = await readCall(database, callId);
  if (found === undefined || !isRingOver(found.call, found.now)) return found?.call;
  return changeCall(database, callId, (call) => call);
}

/** Changes a call, one change at a time. Returns it as it is then; undefined where there is none. */
export async function changeCall(
  database: Database,
  callId: string,
  change: CallChange,
): Promise<CallRecord | undefined> {
  return database.transaction(async (sql) => {
    await sql.execute('SELECT call_id FROM video.calls WHERE call_id = $1 FOR UPDATE', [callId]);
    const found = await readCall(sql, callId);
    if (found === undefined) return undefined;
    const { call, now } = found;
    const changed = change(stopRinging(call, now), now);
    if (changed !== call) await saveCall(sql, call, changed);
    return changed;
  });
}

/** Calls in which somebody rings longer than the time to answer. */
export async function overdueCallIds(sql: Sql, limit: number): Promise<string[]> {
  const rows = await sql.query<{ call_id: string }>(
    `SELECT DISTINCT call_id FROM video.call_participants JOIN video.calls USING (call_id)
     WHERE state = 'ringing' AND status IN ('ringing', 'active') AND ring_until <= now()
     LIMIT $1`,
    [limit],
  );
  return rows.map((row) => row.call_id);
}

/** A user's part in a call. */
export interface Part {
  readonly callId: string;
  readonly userId: string;
}

/** Those of these parts that are over: the call has ended, or the user has left it. */
export async function partsThatAreOver(sql: Sql, parts: readonly Part[]): Promise<Part[]> {
  const rows = await sql.query<{ call_id: string; user_id: string }>(
    `SELECT asked.call_id, asked.user_id
     FROM unnest($1::uuid[], $2::uuid[]) AS asked (call_id, user_id)
     WHERE NOT EXISTS (
       SELECT 1 FROM video.calls JOIN video.call_participants AS part USING (call_id)
       WHERE calls.call_id = asked.call_id AND status IN ('ringing', 'active')
         AND part.user_id = asked.user_id AND state IN ('ringing', 'joined'))`,
    [parts.map(({ callId }) => callId), parts.map(({ userId }) => userId)],
  );
  return rows.map((row) => ({ callId: row.call_id, userId: row.user_id }));
}

interface CallRow {
  call_id: string;
  conversation_id: string;
  call_type: CallType;
  host_id: string;
  status: CallStatus;
  created_at: Date;
  ring_until: Date;
  answered_at: Date | null;
  ended_at: Date | null;
  end_reason: EndReason | null;
  user_id: string;
  state: CallParticipantState;
  now: Date;
}

async function readCall(
  sql: Sql,
  callId: string,
): Promise<{ readonly call: CallRecord; readonly now: Date } | undefined> {
  const rows = await sql.query<CallRow>(
    `SELECT calls.*, user_id, state, now() AS now
     FROM video.calls JOIN video.call_participants USING (call_id)
     WHERE call_id = $1 ORDER BY user_id <> host_id, user_id`,
    [callId],
  );
  const [first] = rows;
  if (first === undefined) return undefined;
  const call: CallRecord = {
    callId: first.call_id,
    conversationId: first.conversation_id,
    callType: first.call_type,
    hostId: first.host_id,
    status: first.status,
    participants: rows.map(({ user_id, state }) => ({ userId: user_id, state })),
    createdAt: first.created_at,
    ringUntil: first.ring_until,
    answeredAt: first.answered_at ?? undefined,
    endedAt: first.ended_at ?? undefined,
    endReason: first.end_reason ?? undefined,
  };
  return { call, now: first.now };
}

async function saveCall(sql: Sql, before: CallRecord, after: CallRecord): Promise<void> {
  await sql.execute(
    `UPDATE video.calls SET status = $2, answered_at = $3, ended_at = $4, end_reason = $5
     WHERE call_id = $1`,
    [
      after.callId,
      after.status,
      after.answeredAt ?? null,
      after.endedAt ?? null,
      after.endReason ?? null,
    ],
  );
  for (const [index, { userId, state }] of after.participants.entries()) {
    if (before.participants[index]?.state === state) continue;
    await sql.execute(
      'UPDATE video.call_participants SET state = $3 WHERE call_id = $1 AND user_id = $2',
      [after.callId, userId, state],
    );
  }
}
