import type {
  CallEndReason,
  CallParticipantState,
  CallStatus,
  CallTopology,
  CallType,
  PartEndReason,
} from '@secureconnect/contracts';
import type { Database, Sql } from '@secureconnect/postgres';
import {
  type CallChange,
  type CallRecord,
  isRingOver,
  missBusy,
  type Participant,
  stopRinging,
} from '../calls/call.ts';
import { noticesOf } from '../calls/notices.ts';
import { noteRoomChange } from '../sfu/room-effect.ts';
import { noteNotices, type StoredNotice } from './call-notices.ts';
import { busyAmong, insertCall, type NewCallRecord } from './live-calls.ts';
import { outOfReachAmong } from './membership.ts';
import { addRoom } from './sfu-rooms.ts';

/** A call after a change, and what the devices of its participants are now told. */
export interface ChangedCall {
  readonly call: CallRecord;
  readonly notices: readonly StoredNotice[];
}

/** Finds the current call, after ending its ringing if that is overdue. */
export async function findCall(
  database: Database,
  callId: string,
): Promise<CallRecord | undefined> {
  const found = await readCall(database, callId);
  if (found === undefined || !isRingOver(found.call, found.now)) return found?.call;
  const changed = await changeCall(database, callId, (call) => call);
  return changed?.call;
}

/**
 * Starts a call; callees who are in another call miss it. It rings for nobody whom a block separates
 * from the caller, as in a group of both; they may join it.
 */
export async function startCallIn(sql: Sql, made: NewCallRecord): Promise<ChangedCall> {
  await insertCall(sql, made);
  if (made.topology === 'sfu') await addRoom(sql, made.callId);
  const found = await readCall(sql, made.callId);
  // A concurrent call would have been seen, or would make this transaction run again.
  if (found === undefined) throw new Error('the call was neither created nor found');
  const { call: inserted, now } = found;
  const unreachable = await outOfReachAmong(sql, made.hostId, made.calleeIds);
  // A user who is blocked must not learn that the other is in a call.
  const reachableIds = made.calleeIds.filter((userId) => !unreachable.has(userId));
  const call = missBusy(await busyAmong(sql, reachableIds))(inserted, now);
  if (call !== inserted) await saveChange(sql, inserted, call);
  const notices = noticesOf(undefined, call).filter(
    ({ type, userId }) => type !== 'call_ringing' || !unreachable.has(userId),
  );
  return { call, notices: await noteNotices(sql, notices, now) };
}

/** Changes a call, one change at a time. Returns the changed call; undefined if there is none. */
export async function changeCall(
  database: Database,
  callId: string,
  change: CallChange,
): Promise<ChangedCall | undefined> {
  return database.transaction((sql) => changeIn(sql, callId, change));
}

/** The same as `changeCall`, in an open transaction. */
export async function changeIn(
  sql: Sql,
  callId: string,
  change: CallChange,
): Promise<ChangedCall | undefined> {
  await sql.execute('SELECT call_id FROM video.calls WHERE call_id = $1 FOR UPDATE', [callId]);
  const found = await readCall(sql, callId);
  if (found === undefined) return undefined;
  const { call, now } = found;
  const changed = change(stopRinging(call, now), now);
  if (changed === call) return { call, notices: [] };
  await saveChange(sql, call, changed);
  return { call: changed, notices: await noteNotices(sql, noticesOf(call, changed), now) };
}

interface CallRow {
  call_id: string;
  conversation_id: string;
  call_type: CallType;
  caller_id: string | null;
  topology: CallTopology;
  host_id: string;
  locked: boolean;
  status: CallStatus;
  created_at: Date;
  ring_until: Date;
  answered_at: Date | null;
  ended_at: Date | null;
  end_reason: CallEndReason | null;
  user_id: string;
  state: CallParticipantState;
  answered_session: string | null;
  joined_at: Date | null;
  lost_at: Date | null;
  returned_at: Date | null;
  part_end_reason: PartEndReason | null;
  now: Date;
}

async function readCall(
  sql: Sql,
  callId: string,
): Promise<{ readonly call: CallRecord; readonly now: Date } | undefined> {
  const rows = await callRows(sql, [callId]);
  const [first] = rows;
  return first && { call: toCall(first, rows), now: first.now };
}

/** The calls with these ids, in the order of the ids. */
export async function findCalls(sql: Sql, ids: readonly string[]): Promise<CallRecord[]> {
  const rows = Map.groupBy(await callRows(sql, ids), ({ call_id }) => call_id);
  return ids.flatMap((id) => {
    const [first, ...others] = rows.get(id) ?? [];
    return first === undefined ? [] : [toCall(first, [first, ...others])];
  });
}

function callRows(sql: Sql, ids: readonly string[]): Promise<CallRow[]> {
  return sql.query<CallRow>(
    `SELECT calls.*, user_id, state, answered_session, joined_at, lost_at,
       returned_at, part_end_reason, now() AS now
     FROM video.calls JOIN video.call_participants USING (call_id)
     WHERE call_id = ANY($1::uuid[])
     ORDER BY user_id <> coalesce(caller_id, host_id), user_id`,
    [ids],
  );
}

function toCall(first: CallRow, rows: readonly CallRow[]): CallRecord {
  return {
    callId: first.call_id,
    conversationId: first.conversation_id,
    callType: first.call_type,
    callerId: first.caller_id ?? first.host_id,
    topology: first.topology,
    hostId: first.host_id,
    isLocked: first.locked,
    status: first.status,
    participants: rows.map((row) => ({
      userId: row.user_id,
      state: row.state,
      answeredSession: row.answered_session ?? undefined,
      joinedAt: row.joined_at ?? undefined,
      lostAt: row.lost_at ?? undefined,
      returnedAt: row.returned_at ?? undefined,
      endReason: row.part_end_reason ?? undefined,
    })),
    createdAt: first.created_at,
    ringUntil: first.ring_until,
    answeredAt: first.answered_at ?? undefined,
    endedAt: first.ended_at ?? undefined,
    endReason: first.end_reason ?? undefined,
  };
}

async function saveChange(sql: Sql, before: CallRecord, after: CallRecord): Promise<void> {
  await saveCall(sql, before, after);
  await noteRoomChange(sql, before, after);
}

async function saveCall(sql: Sql, before: CallRecord, after: CallRecord): Promise<void> {
  await sql.execute(
    `UPDATE video.calls
     SET status = $2, answered_at = $3, ended_at = $4, end_reason = $5, host_id = $6, locked = $7,
       heard_at = now()
     WHERE call_id = $1`,
    [
      after.callId,
      after.status,
      after.answeredAt ?? null,
      after.endedAt ?? null,
      after.endReason ?? null,
      after.hostId,
      after.isLocked,
    ],
  );
  for (const [index, participant] of after.participants.entries()) {
    if (before.participants[index]?.state !== participant.state) {
      await saveParticipant(sql, after.callId, participant);
    }
  }
}

async function saveParticipant(sql: Sql, callId: string, participant: Participant): Promise<void> {
  const { userId, state, answeredSession, joinedAt, endReason } = participant;
  await sql.execute(
    `UPDATE video.call_participants
     SET state = $3, answered_session = $4, joined_at = $5, lost_at = NULL,
       part_end_reason = $6, sfu_absent_since = NULL
     WHERE call_id = $1 AND user_id = $2`,
    [callId, userId, state, answeredSession ?? null, joinedAt ?? null, endReason ?? null],
  );
}
