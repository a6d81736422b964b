import type { Call, IceServer, SfuAccess } from '@secureconnect/contracts';
import type { CallRecord } from './call.ts';

/** What users who come to a call connect with. */
export interface Media {
  readonly iceServers: IceServer[];
  /** Where the call has an SFU. */
  readonly sfu: SfuAccess | undefined;
}

/** A call as clients see it; the media only for users who come to the call. */
export function callReply(call: CallRecord, media?: Media): Call {
  const { iceServers = [], sfu } = media ?? {};
  return { ...pastCall(call), ice_servers: iceServers, ...(sfu === undefined ? {} : { sfu }) };
}

/** A call as it is in the history. */
export function pastCall(call: CallRecord): Omit<Call, 'ice_servers' | 'sfu'> {
  const { answeredAt, endedAt, endReason } = call;
  return {
    call_id: call.callId,
    call_type: call.callType,
    topology: call.topology,
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
