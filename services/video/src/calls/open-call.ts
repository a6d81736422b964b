import type { NewCall } from '@secureconnect/contracts';
import type { Database, Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { type ChangedCall, changeIn, startCallIn } from '../stores/calls.ts';
import { liveCallId } from '../stores/live-calls.ts';
import { isLive, join, stateOf } from './call.ts';
import { calleesOf } from './callees.ts';
import { cannotJoin, requireReach } from './reach.ts';

/** A user on a device. */
export interface Caller {
  readonly userId: string;
  readonly sessionId: string;
}

/**
 * Calls the other participants of a conversation. If it has a live call, the caller joins that
 * call, so a retry or a simultaneous call creates no second one; a new one gets the given id.
 * @throws ApiError NOT_FOUND if the caller is not in the conversation, FORBIDDEN if a block forbids
 * it, VALIDATION_ERROR if the callees cannot be called, CONFLICT if the live call excludes
 * the caller.
 */
export async function openCall(
  database: Database,
  caller: Caller,
  asked: NewCall,
  callId: string,
): Promise<ChangedCall> {
  return database.transaction(async (sql) => {
    await requireReach(sql, asked.conversation_id, caller.userId, noSuchConversation);
    return (await joinLiveCall(sql, caller, asked)) ?? startCall(sql, caller.userId, asked, callId);
  });
}

/**
 * How many users a new call would have; undefined if the conversation has a live call. Changes
 * nothing: what it finds may have changed when the call is opened.
 * @throws ApiError as `openCall` does
 */
export async function sizeOfNewCall(
  sql: Sql,
  { userId }: Caller,
  asked: NewCall,
): Promise<number | undefined> {
  await requireReach(sql, asked.conversation_id, userId, noSuchConversation);
  if ((await liveCallId(sql, asked.conversation_id)) !== undefined) return undefined;
  return (await calleesOf(sql, userId, asked)).length + 1;
}

/**
 * Joins a call to which a user was called. Returns the changed call; undefined if there is none.
 * @throws ApiError NOT_FOUND if the user has left its conversation, FORBIDDEN if blocked.
 */
export async function joinCall(
  database: Database,
  callId: string,
  { userId, sessionId }: Caller,
): Promise<ChangedCall | undefined> {
  return database.transaction(async (sql) => {
    const changed = await changeIn(sql, callId, join(userId, sessionId));
    if (changed !== undefined) await requireReach(sql, changed.call.conversationId, userId);
    return changed;
  });
}

async function joinLiveCall(
  sql: Sql,
  { userId, sessionId }: Caller,
  { conversation_id: conversationId }: NewCall,
): Promise<ChangedCall | undefined> {
  const callId = await liveCallId(sql, conversationId);
  if (callId === undefined) return undefined;
  const changed = await changeIn(sql, callId, join(userId, sessionId));
  // It may have stopped ringing meanwhile.
  if (changed === undefined || !isLive(changed.call)) return undefined;
  const state = stateOf(changed.call, userId);
  if (state === undefined) throw callOfOthers();
  if (state !== 'joined') throw cannotJoin(changed.call, userId);
  return changed;
}

async function startCall(
  sql: Sql,
  callerId: string,
  asked: NewCall,
  callId: string,
): Promise<ChangedCall> {
  const { conversation_id: conversationId, call_type: callType, topology = 'mesh' } = asked;
  const calleeIds = await calleesOf(sql, callerId, asked);
  const made = { callId, conversationId, callType, topology, hostId: callerId, calleeIds };
  return startCallIn(sql, made);
}

function noSuchConversation(): ApiError {
  return new ApiError('NOT_FOUND', 'There is no such conversation.');
}

function callOfOthers(): ApiError {
  const message = 'A call in this conversation excludes you; retry when it has ended.';
  return new ApiError('CONFLICT', message);
}
