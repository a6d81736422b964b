import type {
  CallEndReason,
  CallParticipantState,
  CallStatus,
  CallType,
} from '@secureconnect/contracts';
import { callTransitions, type ParticipantEvent, participantTransitions } from './transitions.ts';

export interface Participant {
  readonly userId: string;
  readonly state: CallParticipantState;
  /** The session of the device that answered or joined last; undefined for the host. */
  readonly answeredSession?: string | undefined;
}

/** A stored call. */
export interface CallRecord {
  readonly callId: string;
  readonly conversationId: string;
  readonly callType: CallType;
  /** The user who started the call and may end it for all. */
  readonly hostId: string;
  readonly status: CallStatus;
  /** The host first. The list never changes; only the states do. */
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
  return endIfAlone(withEach(call, 'miss'), call.ringUntil);
};

/** An invited user joins or rejoins on a device; the first answer makes the call active. */
export function join(userId: string, answeredSession?: string): CallChange {
  return (call, now) => {
    const joined = withEvent(call, userId, 'join');
    if (joined === call) return call;
    const participants = joined.participants.map((participant) =>
      participant.userId === userId ? { ...participant, answeredSession } : participant,
    );
    const status = callTransitions[call.status].answered;
    if (status === undefined) return { ...joined, participants };
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
  return (call, now) => endIfAlone(withEvent(call, userId, 'decline'), now);
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
    return endIfAlone(withEvent(call, userId, 'leave'), now);
  };
}

/**
 * A user has left the conversation: the call continues without them. An answered call continues
 * even without its host.
 */
export function takeOut(userId: string): CallChange {
  return (call, now) => {
    if (!takesPart(call, userId)) return call;
    if (userId === call.hostId && call.status === 'ringing') return end(call, 'cancelled', now);
    return endIfAlone(withEvent(call, userId, 'remove'), now);
  };
}

/** Ends a call that nobody is in any more. */
export const abandon: CallChange = (call, now) => end(call, 'everyone_left', now);

/** Ends a call because one of the two has blocked the other. */
export const cutOff: CallChange = (call, now) => end(call, 'out_of_reach', now);

/** Callees who are in another call miss this one; it ends if that are all. */
export function missBusy(busyIds: ReadonlySet<string>): CallChange {
  return (call, now) => {
    const missed = [...busyIds].reduce((before, id) => withEvent(before, id, 'miss'), call);
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

function endIfAlone(call: CallRecord, now: Date): CallRecord {
  if (!isAlone(call)) return call;
  const isDeclined =
    call.status === 'ringing' && call.participants.some(({ state }) => state === 'declined');
  return end(call, isDeclined ? 'declined' : 'everyone_left', now);
}

/** The same call if this is not a legal end of it. */
function end(call: CallRecord, endReason: CallEndReason, endedAt: Date): CallRecord {
  const status = callTransitions[call.status][endReason];
  if (status === undefined) return call;
  return { ...withEach(call, 'end'), status, endReason, endedAt };
}

/** The same call if the event is not legal for this user. */
function withEvent(call: CallRecord, userId: string, event: ParticipantEvent): CallRecord {
  const before = stateOf(call, userId);
  if (!isLive(call) || before === undefined) return call;
  const state = participantTransitions[before][event];
  if (state === undefined) return call;
  const participants = call.participants.map((participant) =>
    participant.userId === userId ? { ...participant, state } : participant,
  );
  return { ...call, participants };
}

/** The event for everybody for whom it is legal. */
function withEach(call: CallRecord, event: ParticipantEvent): CallRecord {
  return call.participants.reduce((before, { userId }) => withEvent(before, userId, event), call);
}
