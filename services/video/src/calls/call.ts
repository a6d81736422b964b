import type {
  CallEndReason,
  CallParticipantState,
  CallStatus,
  CallTopology,
  CallType,
  PartEndReason,
} from '@secureconnect/contracts';
import { callTransitions, type ParticipantEvent, participantTransitions } from './transitions.ts';

export interface Participant {
  readonly userId: string;
  readonly state: CallParticipantState;
  /** The session of the device that answered or joined last; undefined for the host. */
  readonly answeredSession?: string | undefined;
  /** When the user last joined; undefined for users who have not joined. */
  readonly joinedAt?: Date | undefined;
  /** Since when a user in the call has no signaling socket, after having had one. */
  readonly lostAt?: Date | undefined;
  /** When the user last opened a socket in place of one that was lost. */
  readonly returnedAt?: Date | undefined;
  /** Why the user is not in the call any more. */
  readonly endReason?: PartEndReason | undefined;
}

/** A stored call. */
export interface CallRecord {
  readonly callId: string;
  readonly conversationId: string;
  readonly callType: CallType;
  readonly topology: CallTopology;
  /** The user who started the call. */
  readonly callerId: string;
  /** The user who may control the call and end it for all: at first the caller. */
  readonly hostId: string;
  /** Whether nobody else may join. */
  readonly isLocked: boolean;
  readonly status: CallStatus;
  /** The caller first. The list never changes; only the states do. */
  readonly participants: readonly Participant[];
  readonly createdAt: Date;
  /** Participants who have not joined by then have missed the call. */
  readonly ringUntil: Date;
  readonly answeredAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly endReason: CallEndReason | undefined;
}

/** Changes a call at a given time. Returns the same object if nothing changes. */
export type CallChange = (call: CallRecord, now: Date) => CallRecord;

/** Whether the call is ringing or active. */
export function isLive({ status }: CallRecord): boolean {
  return status === 'ringing' || status === 'active';
}

/** Whether a user is in the call or is being called. */
export function takesPart(call: CallRecord, userId: string): boolean {
  return isLive(call) && isPresent(stateOf(call, userId));
}

export function stateOf(call: CallRecord, userId: string): CallParticipantState | undefined {
  return call.participants.find((participant) => participant.userId === userId)?.state;
}

/** Whether the time to answer is over and somebody has not answered. */
export function isRingOver(call: CallRecord, now: Date): boolean {
  const somebodyRings = call.participants.some(({ state }) => state === 'ringing');
  return isLive(call) && somebodyRings && call.ringUntil <= now;
}

/** The time to answer is over: participants who have not joined have missed the call. */
export const stopRinging: CallChange = (call, now) => {
  if (!isRingOver(call, now)) return call;
  if (call.status === 'ringing') return end(call, 'no_answer', call.ringUntil);
  return endIfAlone(withEach(call, 'miss', 'no_answer'), call.ringUntil);
};

/** An invited user joins or rejoins on a device; the first answer makes the call active. */
export function join(userId: string, answeredSession?: string): CallChange {
  return (call, now) => {
    if (call.isLocked) return call;
    const joined = withEvent(call, userId, 'join');
    if (joined === call) return call;
    const participants = joined.participants.map((participant) =>
      participant.userId === userId
        ? { ...participant, answeredSession, joinedAt: now }
        : participant,
    );
    // The host may have been lost while the call only rang for others.
    const hostId = stateOf(call, call.hostId) === 'joined' ? call.hostId : userId;
    const status = callTransitions[call.status].answered;
    if (status === undefined) return { ...joined, participants, hostId };
    return { ...joined, participants, status, answeredAt: now };
  };
}

/** A called user answers on a device while the call rings for them. */
export function accept(userId: string, session: string): CallChange {
  const answer = join(userId, session);
  return (call, now) => (stateOf(call, userId) === 'ringing' ? answer(call, now) : call);
}

/** A called user does not want to answer; the call ends if nobody else can. */
export function decline(userId: string): CallChange {
  return (call, now) => endIfAlone(withEvent(call, userId, 'decline', 'declined'), now);
}

/** The host stops calling before anybody has answered. */
export function cancel(userId: string): CallChange {
  return (call, now) => (userId === call.hostId ? end(call, 'cancelled', now) : call);
}

/**
 * The host ends the call for all. Other users leave or decline it; it ends if fewer than two are
 * left who are in it or may still answer.
 */
export function leave(userId: string): CallChange {
  return (call, now) => {
    if (!takesPart(call, userId)) return call;
    if (userId === call.hostId) {
      return end(call, call.status === 'ringing' ? 'cancelled' : 'ended_by_host', now);
    }
    const reason = stateOf(call, userId) === 'joined' ? 'left' : 'declined';
    return endIfAlone(withEvent(call, userId, 'leave', reason), now);
  };
}

/** A user has left the conversation: the call continues without them. */
export function takeOut(userId: string): CallChange {
  return (call, now) => goOnWithout(call, userId, ['remove', 'removed'], now);
}

/** A user in the call has had no signaling socket for too long: it continues without them. */
export function lose(userId: string): CallChange {
  return (call, now) => goOnWithout(call, userId, ['lose', 'connection_lost'], now);
}

/**
 * An answered call continues even without its host: the first who joined becomes the host.
 */
function goOnWithout(
  call: CallRecord,
  userId: string,
  [event, reason]: readonly [ParticipantEvent, PartEndReason],
  now: Date,
): CallRecord {
  const without = withEvent(call, userId, event, reason);
  if (without === call) return call;
  const callReason = event === 'lose' ? 'connection_lost' : 'everyone_left';
  if (userId !== call.hostId) return endIfAlone(without, now, callReason);
  if (call.status === 'ringing') return end(call, 'cancelled', now);
  const [next] = without.participants
    .filter(({ state }) => state === 'joined')
    .toSorted((a, b) => (a.joinedAt?.getTime() ?? 0) - (b.joinedAt?.getTime() ?? 0));
  return endIfAlone({ ...without, hostId: next?.userId ?? call.hostId }, now, callReason);
}

/** Ends a call that nobody is connected to any more. */
export const abandon: CallChange = (call, now) => end(call, 'connection_lost', now);

/** Ends a call because one of the two has blocked the other. */
export const cutOff: CallChange = (call, now) => end(call, 'out_of_reach', now);

/** Callees who are in another call miss this one; it ends if that are all. */
export function missBusy(busyIds: ReadonlySet<string>): CallChange {
  return (call, now) => {
    const missed = [...busyIds].reduce((before, id) => withEvent(before, id, 'miss', 'busy'), call);
    return isAlone(missed) ? end(missed, 'busy', now) : missed;
  };
}

export function isPresent(state: CallParticipantState | undefined): boolean {
  return state === 'joined' || state === 'ringing';
}

/** Whether fewer than two are in the call or may still answer. */
function isAlone(call: CallRecord): boolean {
  return call.participants.filter(({ state }) => isPresent(state)).length < 2;
}

/** Ends the call if fewer than two are in it or may still answer; unless declined, for `reason`. */
export function endIfAlone(
  call: CallRecord,
  now: Date,
  reason: CallEndReason = 'everyone_left',
): CallRecord {
  if (!isAlone(call)) return call;
  const isDeclined =
    call.status === 'ringing' && call.participants.some(({ state }) => state === 'declined');
  return end(call, isDeclined ? 'declined' : reason, now);
}

/** The same call if this is not a legal end of it. */
function end(call: CallRecord, endReason: CallEndReason, endedAt: Date): CallRecord {
  const status = callTransitions[call.status][endReason];
  if (status === undefined) return call;
  return { ...withEach(call, 'end', endReason), status, endReason, endedAt };
}

/**
 * The same call if the event is not legal for this user.
 * @param endReason why the user is not in the call any more
 */
export function withEvent(
  call: CallRecord,
  userId: string,
  event: ParticipantEvent,
  endReason?: PartEndReason,
): CallRecord {
  const before = stateOf(call, userId);
  if (!isLive(call) || before === undefined) return call;
  const state = participantTransitions[before][event];
  if (state === undefined) return call;
  const participants = call.participants.map((participant) =>
    participant.userId === userId
      ? { ...participant, state, endReason, lostAt: undefined }
      : participant,
  );
  return { ...call, participants };
}

/** The event for everybody for whom it is legal. */
export function withEach(
  call: CallRecord,
  event: ParticipantEvent,
  endReason: PartEndReason,
): CallRecord {
  return call.participants.reduce(
    (before, { userId }) => withEvent(before, userId, event, endReason),
    call,
  );
}
