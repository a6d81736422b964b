import type { Call, IceServer } from '@secureconnect/contracts';
import { video } from '@secureconnect/contracts/endpoints';
import { type CallRecord, isLive, leave } from '../calls/call.ts';
import { joinCall, openCall } from '../calls/open-call.ts';
import { participantsCall } from '../calls/participants-call.ts';
import { callIsOver, noSuchCall } from '../calls/reach.ts';
import { signalDelivery } from '../frames.ts';
import { changeCall } from '../stores/calls.ts';
import { standingIn } from '../stores/membership.ts';
import { iceServersFor } from '../turn/ice-servers.ts';
import { fanOutHere, route } from './route.ts';

const initiate = route(
  video.initiateCall,
  fanOutHere,
  async ({ user, body, context }, { fanOut }) => {
    const { userId } = user;
    const { call, hasJoined } = await openCall(context.database, userId, body);
    const joined = { type: 'join', callId: call.callId, from: userId, data: {} } as const;
    if (hasJoined) await fanOut.deliver(signalDelivery(joined));
    return toReply(call, iceServersFor(context.turn, call, userId));
  },
);

const get = route(video.getCall, {}, async ({ user, params, context }) => {
  const { userId } = user;
  const call = await participantsCall(context.database, params.call_id, userId);
  const { isMember } = await standingIn(context.database, call.conversationId, userId);
  if (!isMember) throw noSuchCall();
  return toReply(call);
});

const join = route(video.joinCall, fanOutHere, async ({ user, params, context }, { fanOut }) => {
  const { userId } = user;
  await participantsCall(context.database, params.call_id, userId);
  const call = await joinCall(context.database, params.call_id, userId);
  if (call === undefined) throw noSuchCall();
  if (!isLive(call)) throw callIsOver(call);
  const { callId } = call;
  await fanOut.deliver(signalDelivery({ type: 'join', callId, from: userId, data: {} }));
  return toReply(call, iceServersFor(context.turn, call, userId));
});

const end = route(video.endCall, fanOutHere, async ({ user, params, context }, { fanOut }) => {
  const { userId } = user;
  await participantsCall(context.database, params.call_id, userId);
  const call = await changeCall(context.database, params.call_id, leave(userId));
  if (call === undefined) throw noSuchCall();
  const { callId } = call;
  await fanOut.deliver(signalDelivery({ type: 'leave', callId, from: userId, data: {} }));
  await fanOut.deliver(context.signaling.closing(callId, isLive(call) ? userId : undefined));
  return toReply(call);
});

export const callRoutes = { initiateCall: initiate, getCall: get, joinCall: join, endCall: end };

function toReply(call: CallRecord, iceServers: IceServer[] = []): Call {
  const { answeredAt, endedAt, endReason } = call;
  return {
    call_id: call.callId,
    call_type: call.callType,
    conversation_id: call.conversationId,
    status: call.status,
    participants: call.participants.map(({ userId, state }) => ({ user_id: userId, state })),
    ice_servers: iceServers,
    created_at: call.createdAt.toISOString(),
    ...(answeredAt === undefined ? {} : { answered_at: answeredAt.toISOString() }),
    ...(endedAt === undefined ? {} : { ended_at: endedAt.toISOString() }),
    ...(endReason === undefined ? {} : { end_reason: endReason }),
  };
}
