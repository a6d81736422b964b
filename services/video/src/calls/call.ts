import type { CallParticipantState, CallStatus, CallType } from '@secureconnect/contracts';

export interface Participant {
  readonly userId: string;
  readonly state: CallParticipantState;
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
  readonly endReason: EndReason | undefined;
}

/**
 * `cancelled`: the host ended the call before anybody answered; `out_of_reach`: one of the two has
 * blocked the other.
 */
export type EndReason =
  | 'no_answer'
  | 'cancelled'
  | 'ended_by_host'
  | 'everyone_left'
  | 'out_of_reach';

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
  const rung = { ...call, participants: eachState(call, { ringing: 'missed' }) };
  if (call.status === 'ringing') return end(rung, 'missed', 'no_answer', call.ringUntil);
  return endIfAlone(rung, call.ringUntil);
};

/** An invited user joins or rejoins; the first answer makes the call active. */
export function join(userId: string): CallChange {
  return (call, now) => {
    const before = stateOf(call, userId);
    if (!isLive(call) || before === undefined || before === 'joined') return call;
    const joined = { ...call, participants: withState(call, userId, 'joined') };
    return call.status === 'active' ? joined : { ...joined, status: 'active', answeredAt: now };
  };
}

/**
 * The host ends the call for all. Other users leave it; it ends if fewer than two are left who are
 * in it or may still answer.
 */
export function leave(userId: string): CallChange {
  return (call, now) => {
    if (!isLive(call) || !isPresent(stateOf(call, userId))) return call;
    if (userId === call.hostId) {
      return end(call, 'ended', call.status === 'ringing' ? 'cancelled' : 'ended_by_host', now);
    }
    return takeOut(userId)(call, now);
  };
}

/**
 * A user has left the conversation: the call continues without them. An answered call continues
 * even without its host.
 */
export function takeOut(userId: string): CallChange {
  return (call, now) => {
    if (!isLive(call) || !isPresent(stateOf(call, userId))) return call;
    if (userId === call.hostId && call.status === 'ringing') {
      return end(call, 'ended', 'cancelled', now);
    }
    return endIfAlone({ ...call, participants: withState(call, userId, 'left') }, now);
  };
}

/** Ends a call that nobody is in any more. */
export const abandon: CallChange = (call, now) =>
  isLive(call) ? end(call, 'ended', 'everyone_left', now) : call;

/** Ends a call because one of the two has blocked the other. */
export const cutOff: CallChange = (call, now) =>
  isLive(call) ? end(call, 'ended', 'out_of_reach', now) : call;

function isPresent(state: CallParticipantState | undefined): boolean {
  return state === 'joined' || state === 'ringing';
}

function endIfAlone(call: CallRecord, now: Date): CallRecord {
  const present = call.participants.filter(({ state }) => isPresent(state));
  return present.length < 2 ? end(call, 'ended', 'everyone_left', now) : call;
}

function end(
  call: CallRecord,
  status: CallStatus,
  endReason: EndReason,
  endedAt: Date,
): CallRecord {
  const participants = eachState(call, { joined: 'left', ringing: 'missed' });
  return { ...call, status, participants, endReason, endedAt };
}

function withState(call: CallRecord, userId: string, state: CallParticipantState): Participant[] {
  return call.participants.map((participant) =>
    participant.userId === userId ? { userId, state } : participant,
  );
}

function eachState(
  call: CallRecord,
  next: { readonly [State in CallParticipantState]?: CallParticipantState },
): Participant[] {
  return call.participants.map(({ userId, state }) => ({ userId, state: next[state] ?? state }));
}
