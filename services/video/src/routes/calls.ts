import type { Call } from '@secureconnect/contracts';
import { video } from '@secureconnect/contracts/endpoints';
import { ApiError } from '@secureconnect/service';
import { type CallRecord, isLive, leave, stateOf } from '../calls/call.ts';
import { joinCall, openCall } from '../calls/open-call.ts';
import { noSuchCall } from '../calls/reach.ts';
import type { VideoContext } from '../context.ts';
import { signalDelivery } from '../frames.ts';
import { changeCall, findCall } from '../stores/calls.ts';
import { standingIn } from '../stores/membership.ts';
import { fanOutHere, route } from './route.ts';

const initiate = route(
  video.initiateCall,
  fanOutHere,
  async ({ user, body, context }, { fanOut }) => {
    const { userId } = user;
    const { call, hasJoined } = await openCall(context.database, userId, body);
    const joined = { type: 'join', callId: call.callId, from: userId, data: {} } as const;
    if (hasJoined) await fanOut.deliver(signalDelivery(joined));
    return toReply(call, context);
  },
);

const get = route(video.getCall, {}, async ({ user, params, context }) => {
  const call = await participantsCall(context, params.call_id, user.userId);
  const { isMember } = await standingIn(context.database, call.conversationId, user.userId);
  if (!isMember) throw noSuchCall();
  return toReply(call, context);
});

const join = route(video.joinCall, fanOutHere, async ({ user, params, context }, { fanOut }) => {
  const { userId } = user;
  await participantsCall(context, params.call_id, userId);
  const call = await joinCall(context.database, params.call_id, userId);
  if (call === undefined) throw noSuchCall();
  if (!isLive(call))
    throw new ApiError('CONFLICT', `This call is over (${call.status}); start a new one.`);
  const { callId } = call;
  await fanOut.deliver(signalDelivery({ type: 'join', callId, from: userId, data: {} }));
  return toReply(call, context);
});

const end = route(video.endCall, fanOutHere, async ({ user, params, context }, { fanOut }) => {
  const { userId } = user;
  await participantsCall(context, params.call_id, userId);
  const call = await changeCall(context.database, params.call_id, leave(userId));
  if (call === undefined) throw noSuchCall();
  const { callId } = call;
  await fanOut.deliver(signalDelivery({ type: 'leave', callId, from: userId, data: {} }));
  await fanOut.deliver(context.signaling.closing(callId, isLive(call) ? userId : undefined));
  return toReply(call, context);
});

export const callRoutes = { initiateCall: initiate, getCall: get, joinCall: join, endCall: end };

/** A call that a user started or was called to. Throws NOT_FOUND for everybody else. */
async function participantsCall(
  { database }: VideoContext,
  callId: string,
  userId: string,
): Promise<CallRecord> {
  const call = await findCall(database, callId);
  if (call === undefined || stateOf(call, userId) === undefined) throw noSuchCall();
  return call;
}

function toReply(call: CallRecord, { iceServers }: VideoContext): Call {
  const { answeredAt, endedAt, endReason } = call;
  return {
    call_id: call.callId,
    call_type: call.callType,
    conversation_id: call.conversationId,
    status: call.status,
    participants: call.participants.map(({ userId, state }) => ({ user_id: userId, state })),
    ice_servers: [...iceServers],
    created_at: call.createdAt.toISOString(),
    ...(answeredAt === undefined ? {} : { answered_at: answeredAt.toISOString() }),
    ...(endedAt === undefined ? {} : { ended_at: endedAt.toISOString() }),
    ...(endReason === undefined ? {} : { end_reason: endReason }),
  };
}
