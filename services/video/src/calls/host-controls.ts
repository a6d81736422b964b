import type { CallControls } from '@secureconnect/contracts';
import type { Database } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { type ChangedCall, changeIn } from '../stores/calls.ts';
import {
  type CallChange,
  type CallRecord,
  endIfAlone,
  isLive,
  stateOf,
  withEach,
  withEvent,
} from './call.ts';
import { callIsOver, noSuchCall, requireReach } from './reach.ts';

/** The host removes a user, who stays out of this call. */
export function expel(userId: string): CallChange {
  return (call, now) => {
    const without = withEvent(call, userId, 'expel', 'removed');
    return without === call ? call : endIfAlone(without, now);
  };
}

/** Nobody else may join an answered call; it stops ringing for those who have not answered. */
export function setLock(isLocked: boolean): CallChange {
  return (call, now) => {
    if (call.status !== 'active' || call.isLocked === isLocked) return call;
    if (!isLocked) return { ...call, isLocked };
    return endIfAlone({ ...withEach(call, 'miss', 'locked'), isLocked }, now);
  };
}

/** A different user, who is in the answered call, becomes its host. */
export function handOver(userId: string): CallChange {
  return (call) =>
    call.status === 'active' && stateOf(call, userId) === 'joined'
      ? { ...call, hostId: userId }
      : call;
}

/**
 * Removes a participant from a call.
 * @throws ApiError FORBIDDEN for everybody but the host, CONFLICT for the host's own id or if the
 * call is over, NOT_FOUND if there is no such participant.
 */
export async function removeParticipant(
  database: Database,
  { callId, hostId }: HostOf,
  userId: string,
): Promise<ChangedCall> {
  const changed = await changeAsHost(database, { callId, hostId }, expel(userId), (call) => {
    if (stateOf(call, userId) === undefined) throw noSuchParticipant();
    if (userId === hostId) {
      throw new ApiError('CONFLICT', 'You are the host; end the call, or hand it over and leave.');
    }
  });
  // A retry gets the call, also if it has ended with the removal.
  if (stateOf(changed.call, userId) !== 'removed') throw callIsOver(changed.call);
  return changed;
}

/**
 * Locks, unlocks or hands over a call.
 * @throws ApiError FORBIDDEN for everybody but the host, CONFLICT if the call is not active or the
 * new host is not in it, NOT_FOUND if there is no such participant.
 */
export async function controlCall(
  database: Database,
  { callId, hostId }: HostOf,
  { locked, host_id: nextId = hostId }: CallControls,
): Promise<ChangedCall> {
  const change: CallChange = (call, now) => {
    const isLocked = locked === undefined ? call : setLock(locked)(call, now);
    return handOver(nextId)(isLocked, now);
  };
  return changeAsHost(database, { callId, hostId }, change, (call) => {
    if (!isLive(call)) throw callIsOver(call);
    if (call.status === 'ringing') {
      throw new ApiError('CONFLICT', 'Nobody has answered this call yet; retry when it is active.');
    }
    if (stateOf(call, nextId) === undefined) throw noSuchParticipant();
    if (stateOf(call, nextId) !== 'joined') {
      throw new ApiError('CONFLICT', 'The new host must be in the call.');
    }
  });
}

/** A user who wants to control a call. */
export interface HostOf {
  readonly callId: string;
  readonly hostId: string;
}

/** Throws FORBIDDEN unless a user is the host of a call. */
export function requireHost(call: CallRecord, userId: string): void {
  if (call.hostId === userId) return;
  throw new ApiError('FORBIDDEN', 'Only the host of this call can do this.');
}

export function noSuchParticipant(): ApiError {
  return new ApiError('NOT_FOUND', 'There is no such participant in this call.');
}

/** @param check throws unless the call before the change allows it */
function changeAsHost(
  database: Database,
  { callId, hostId }: HostOf,
  change: CallChange,
  check: (call: CallRecord) => void,
): Promise<ChangedCall> {
  return database.transaction(async (sql) => {
    const changed = await changeIn(sql, callId, (call, now) => {
      requireHost(call, hostId);
      check(call);
      return change(call, now);
    });
    if (changed === undefined) throw noSuchCall();
    await requireReach(sql, changed.call.conversationId, hostId);
    return changed;
  });
}
