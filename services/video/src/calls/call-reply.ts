import type { Call, IceServer } from '@secureconnect/contracts';
import type { CallRecord } from './call.ts';

/** A call as clients see it; `ice_servers` only for users who come to the call. */
export function callReply(call: CallRecord, iceServers: IceServer[] = []): Call {
  return { ...pastCall(call), ice_servers: iceServers };
}

/** A call as it is in the history. */
export function pastCall(call: CallRecord): Omit<Call, 'ice_servers'> {
  const { answeredAt, endedAt, endReason } = call;
  return {
    call_id: call.callId,
    call_type: call.callType,
    conversation_id: call.conversationId,
    caller_id: call.callerId,
    host_id: call.hostId,
    locked: call.isLocked,
    status: call.status,
    participants: call.participants.map(({ userId, state }) => ({ user_id: userId, state })),
    created_at: call.createdAt.toISOString(),
    ...(answeredAt === undefined ? {} : { answered_at: answeredAt.toISOString() }),
    ...(endedAt === undefined ? {} : { ended_at: endedAt.toISOString() }),
    ...(endReason === undefined ? {} : { end_reason: endReason }),
  };
}
