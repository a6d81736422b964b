import { randomUUID } from 'node:crypto';
import type { NewCall } from '@secureconnect/contracts';
import type { Database, Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { changeIn } from '../stores/calls.ts';
import { insertCall, liveCallId } from '../stores/live-calls.ts';
import { type CallRecord, isLive, join, stateOf } from './call.ts';
import { calleesOf } from './callees.ts';
import { requireReach } from './reach.ts';

/** A call that a user has started or joined. */
export interface OpenedCall {
  readonly call: CallRecord;
  /** Whether the user has joined an existing call. */
  readonly hasJoined: boolean;
}

/**
 * Calls the other participants of a conversation. If it has a live call, the caller joins that
 * call, so a retry or a simultaneous call creates no second one.
 * @throws ApiError NOT_FOUND if the caller is not in the conversation, FORBIDDEN if a block forbids
 * it, VALIDATION_ERROR if the callees cannot be called, CONFLICT if the live call excludes
 * the caller.
 */
export async function openCall(
  database: Database,
  callerId: string,
  asked: NewCall,
): Promise<OpenedCall> {
  return database.transaction(async (sql) => {
    await requireReach(sql, asked.conversation_id, callerId, noSuchConversation);
    return (await joinLiveCall(sql, callerId, asked)) ?? startCall(sql, callerId, asked);
  });
}

/**
 * Joins a call to which a user was called. Returns the changed call; undefined if there is none.
 * @throws ApiError NOT_FOUND if the user has left its conversation, FORBIDDEN if blocked.
 */
export async function joinCall(
  database: Database,
  callId: string,
  userId: string,
): Promise<CallRecord | undefined> {
  return database.transaction(async (sql) => {
    const call = await changeIn(sql, callId, join(userId));
    if (call !== undefined) await requireReach(sql, call.conversationId, userId);
    return call;
  });
}

async function joinLiveCall(
  sql: Sql,
  callerId: string,
  { conversation_id: conversationId }: NewCall,
): Promise<OpenedCall | undefined> {
  const callId = await liveCallId(sql, conversationId);
  if (callId === undefined) return undefined;
  let hasJoined = false;
  const call = await changeIn(sql, callId, (before, now) => {
    const after = join(callerId)(before, now);
    hasJoined = after !== before;
    return after;
  });
  // It may have stopped ringing meanwhile.
  if (call === undefined || !isLive(call)) return undefined;
  if (stateOf(call, callerId) === undefined) throw callOfOthers();
  return { call, hasJoined };
}

async function startCall(sql: Sql, callerId: string, asked: NewCall): Promise<OpenedCall> {
  const { conversation_id: conversationId, call_type: callType } = asked;
  const calleeIds = await calleesOf(sql, callerId, asked);
  const callId = randomUUID();
  await insertCall(sql, { callId, conversationId, callType, hostId: callerId, calleeIds });
  const call = await changeIn(sql, callId, (made) => made);
  // A concurrent call would have been seen, or would make this transaction run again.
  if (call === undefined) throw new Error('the call was neither created nor found');
  return { call, hasJoined: false };
}

function noSuchConversation(): ApiError {
  return new ApiError('NOT_FOUND', 'There is no such conversation.');
}

function callOfOthers(): ApiError {
  const message = 'A call in this conversation excludes you; retry when it has ended.';
  return new ApiError('CONFLICT', message);
}
