import type { Database } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { type ChangedCall, changeCall, changeIn } from '../stores/calls.ts';
import { accept, type CallRecord, cancel, decline, isLive, stateOf } from './call.ts';
import type { Caller } from './open-call.ts';
import { callIsOver, cannotJoin, noSuchCall, requireReach } from './reach.ts';

/**
 * Answers a ringing call on one device of a user. A retry of that device gets the same call.
 * @throws ApiError CONFLICT if another device has answered or the call does not ring, NOT_FOUND if
 * there is none or the user has left its conversation, FORBIDDEN if blocked.
 */
export async function acceptCall(
  database: Database,
  callId: string,
  { userId, sessionId }: Caller,
): Promise<ChangedCall> {
  const changed = await database.transaction(async (sql) => {
    const accepted = await changeIn(sql, callId, accept(userId, sessionId));
    if (accepted === undefined) throw noSuchCall();
    await requireReach(sql, accepted.call.conversationId, userId);
    return accepted;
  });
  const { call } = changed;
  if (!isLive(call)) throw callIsOver(call);
  if (call.isLocked && stateOf(call, userId) !== 'joined') throw cannotJoin(call, userId);
  if (stateOf(call, userId) === 'removed') throw cannotJoin(call, userId);
  if (stateOf(call, userId) !== 'joined') throw doesNotRing();
  if (answeredSession(call, userId) !== sessionId) {
    throw new ApiError('CONFLICT', 'You are in this call on another device.');
  }
  return changed;
}

/**
 * Declines a ringing call on all devices of a user.
 * @throws ApiError CONFLICT if the user has answered or the call is over.
 */
export async function declineCall(
  database: Database,
  callId: string,
  userId: string,
): Promise<ChangedCall> {
  const changed = await changeCall(database, callId, decline(userId));
  if (changed === undefined) throw noSuchCall();
  const { call } = changed;
  if (stateOf(call, userId) === 'declined') return changed;
  if (!isLive(call)) throw callIsOver(call);
  throw stateOf(call, userId) === 'joined'
    ? new ApiError('CONFLICT', 'You are in this call; end it instead.')
    : doesNotRing();
}

/**
 * Stops a call that nobody has answered.
 * @throws ApiError FORBIDDEN for everybody but its host, CONFLICT if it was answered or is over.
 */
export async function cancelCall(
  database: Database,
  callId: string,
  userId: string,
): Promise<ChangedCall> {
  const changed = await changeCall(database, callId, cancel(userId));
  if (changed === undefined) throw noSuchCall();
  const { call } = changed;
  if (userId !== call.hostId) {
    throw new ApiError('FORBIDDEN', 'Only the user who started this call can cancel it.');
  }
  if (call.endReason === 'cancelled') return changed;
  if (!isLive(call)) throw callIsOver(call);
  throw new ApiError('CONFLICT', 'This call was answered; end it instead.');
}

function answeredSession(call: CallRecord, userId: string): string | undefined {
  return call.participants.find((participant) => participant.userId === userId)?.answeredSession;
}

function doesNotRing(): ApiError {
  return new ApiError('CONFLICT', 'This call does not ring for you any more; join it instead.');
}
