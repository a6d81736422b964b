import type { CallParticipantState, CallStatus, CallType } from '@secureconnect/contracts';
import type { Database, Sql } from '@secureconnect/postgres';
import {
  type CallChange,
  type CallRecord,
  type EndReason,
  isRingOver,
  stopRinging,
} from '../calls/call.ts';

/** Finds the current call, after ending its ringing if that is overdue. */
export async function findCall(
  database: Database,
  callId: string,
): Promise<CallRecord | undefined> {
  const found = await readCall(database, callId);
  if (found === undefined || !isRingOver(found.call, found.now)) return found?.call;
  return changeCall(database, callId, (call) => call);
}

/** Changes a call, one change at a time. Returns the changed call; undefined if there is none. */
export async function changeCall(
  database: Database,
  callId: string,
  change: CallChange,
): Promise<CallRecord | undefined> {
  return database.transaction((sql) => changeIn(sql, callId, change));
}

/** The same as `changeCall`, in an open transaction. */
export async function changeIn(
  sql: Sql,
  callId: string,
  change: CallChange,
): Promise<CallRecord | undefined> {
  await sql.execute('SELECT call_id FROM video.calls WHERE call_id = $1 FOR UPDATE', [callId]);
  const found = await readCall(sql, callId);
  if (found === undefined) return undefined;
  const { call, now } = found;
  const changed = change(stopRinging(call, now), now);
  if (changed !== call) await saveCall(sql, call, changed);
  return changed;
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
    `UPDATE video.calls
     SET status = $2, answered_at = $3, ended_at = $4, end_reason = $5, heard_at = now()
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
