import type {
  Answered,
  CallParticipantState,
  Ended,
  PartEndReason,
  Ringing,
} from '@secureconnect/contracts';
import { type CallRecord, isLive, isPresent, type Participant, stateOf } from './call.ts';

/** What all devices of a user are told of a call. */
export interface CallNotice {
  readonly type: 'call_ringing' | 'call_answered' | 'call_ended';
  readonly callId: string;
  readonly conversationId: string;
  /** The user who is told. */
  readonly userId: string;
  /** The user who calls or has answered; of `call_ended`, the user who is told. */
  readonly from: string;
  readonly data: Ringing | Answered | Ended;
}

/** What the devices of the participants are told after a change of a call. */
export function noticesOf(before: CallRecord | undefined, after: CallRecord): CallNotice[] {
  if (before === undefined) return [...ringing(after), ...ended(after, undefined)];
  return [...answered(before, after), ...ended(after, before)];
}

function ringing(call: CallRecord): CallNotice[] {
  const { callId, callType, hostId, ringUntil } = call;
  const data = { call_id: callId, call_type: callType, ring_until: ringUntil.toISOString() };
  return call.participants
    .filter(({ state }) => state === 'ringing')
    .map(({ userId }) => ({ ...about(call, userId), type: 'call_ringing', from: hostId, data }));
}

/** Everybody who is in the call or is being called hears of an answer; so do the own devices. */
function answered(before: CallRecord, after: CallRecord): CallNotice[] {
  const present = after.participants.filter(({ state }) => isPresent(state));
  return after.participants
    .filter(({ userId, state }) => state === 'joined' && hasNotBeenIn(stateOf(before, userId)))
    .flatMap(({ userId: from }) =>
      present.map(({ userId }) => ({
        ...about(after, userId),
        type: 'call_answered' as const,
        from,
        data: { call_id: after.callId },
      })),
    );
}

function hasNotBeenIn(state: CallParticipantState | undefined): boolean {
  return state === 'ringing' || state === 'declined' || state === 'missed';
}

function ended(after: CallRecord, before: CallRecord | undefined): CallNotice[] {
  const isNowOver = !isLive(after) && (before === undefined || isLive(before));
  return after.participants.flatMap((participant) => {
    const { userId, state } = participant;
    const partReason = reasonOfPart(before, after, participant);
    const reason = isNowOver ? (after.endReason ?? partReason) : partReason;
    if (reason === undefined) return [];
    const data = { call_id: after.callId, reason, state };
    return [{ ...about(after, userId), type: 'call_ended' as const, from: userId, data }];
  });
}

/**
 * Why a user's part ended, although the call may go on for others. Users who leave by themselves
 * know it.
 */
function reasonOfPart(
  before: CallRecord | undefined,
  after: CallRecord,
  { userId, state, endReason }: Participant,
): PartEndReason | undefined {
  if (before === undefined) return endReason;
  if (!isLive(after) || isPresent(state) || endReason === 'left') return undefined;
  return isPresent(stateOf(before, userId)) ? endReason : undefined;
}

function about({ callId, conversationId }: CallRecord, userId: string) {
  return { callId, conversationId, userId };
}
