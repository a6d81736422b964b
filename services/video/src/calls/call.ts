import type { CallParticipantState, CallStatus, CallType } from '@secureconnect/contracts';

export interface Participant {
  readonly userId: string;
  readonly state: CallParticipantState;
}

/** A call as it is stored. */
export interface CallRecord {
  readonly callId: string;
  readonly conversationId: string;
  readonly callType: CallType;
  /** Who started it, and may end it for all. */
  readonly hostId: string;
  readonly status: CallStatus;
  /** The host first. They never change; only their states do. */
  readonly participants: readonly Participant[];
  readonly createdAt: Date;
  /** Who has not joined by then has missed the call. */
  readonly ringUntil: Date;
  readonly answeredAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly endReason: EndReason | undefined;
}

/**
 * `cancelled`: the host gave up before anybody answered; `out_of_reach`: a block stands between the
 * two.
 */
export type EndReason =
  | 'no_answer'
  | 'cancelled'
  | 'ended_by_host'
  | 'everyone_left'
  | 'out_of_reach';

/** What happens to a call at some time. Returns the very same call where nothing does. */
export type CallChange = (call: CallRecord, now: Date) => CallRecord;

/** Whether people are, or may yet come, together in it. */
export function isLive({ status }: CallRecord): boolean {
  return status === 'ringing' || status === 'active';
}

/** Whether a user is in the call, or is being called. */
export function takesPart(call: CallRecord, userId: string): boolean {
  return isLive(call) && isPresent(stateOf(call, userId));
}

export function stateOf(call: CallRecord, userId: string): CallParticipantState | undefined {
  return call.participants.find((participant) => participant.userId === userId)?.state;
}

/** Whether the time to answer is over and somebody has not. */
export function isRingOver(call: CallRecord, now: Date): boolean {
  const somebodyRings = call.participants.some(({ state }) => state === 'ringing');
  return isLive(call) && somebodyRings && call.ringUntil <= now;
}

/** The time to answer is over: who has not joined has missed it. */
export const stopRinging: CallChange = (call, now) => {
  if (!isRingOver(call, now)) return call;
  const rung = { ...call, participants: eachState(call, { ringing: 'missed' }) };
  if (call.status === 'ringing') return end(rung, 'missed', 'no_answer', call.ringUntil);
  return endIfAlone(rung, call.ringUntil);
};

/** An invited user joins, or joins again; the first one to answer makes the call active. */
export function join(userId: string): CallChange {
  return (call, now) => {
    const before = stateOf(call, userId);
    if (!isLive(call) || before === undefined || before === 'joined') return call;
    const joined = { ...call, participants: withState(call, userId, 'joined') };
    return call.status === 'active' ? joined : { ...joined, status: 'active', answeredAt: now };
  };
}

/**
 * The host ends the call for all. Anybody else leaves it, and it ends when fewer than two are left
 * who are in it or may still answer.
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
 * Somebody is in the conversation no longer: the call goes on without them, also without its host
 * when it was answered.
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

/** Nobody is in the call any more. */
export const abandon: CallChange = (call, now) =>
  isLive(call) ? end(call, 'ended', 'everyone_left', now) : call;

/** One of the two has blocked the other. */
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
