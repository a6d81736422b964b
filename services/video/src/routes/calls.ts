import { randomUUID } from 'node:crypto';
import { Call, NewCall } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import { type CallRecord, isLive, join, leave, stateOf } from '../calls/call.ts';
import { calleesOf } from '../calls/callees.ts';
import type { VideoContext } from '../context.ts';
import { signalDelivery } from '../frames.ts';
import { changeCall, findCall, insertCall } from '../stores/calls.ts';
import { fanOutHere, route } from './route.ts';

const initiate = route.post(
  '/v1/calls/initiate',
  {
    operation: 'calls/initiate',
    summary: 'Call the others of a conversation, or some of them; it rings for 30 seconds.',
    auth: 'bearer',
    body: NewCall,
    reply: Call,
    status: 201,
    whenRedisDown: {},
  },
  async ({ user, body, context }) => {
    const hostId = user.userId;
    const calleeIds = await calleesOf(context.database, hostId, body);
    const callId = randomUUID();
    const { conversation_id: conversationId, call_type: callType } = body;
    await insertCall(context.database, { callId, conversationId, callType, hostId, calleeIds });
    return toReply(await participantsCall(context, callId, hostId), context);
  },
);

const get = route.get(
  '/v1/calls/:call_id',
  {
    operation: 'calls',
    summary: 'A call, for those who were called.',
    auth: 'bearer',
    reply: Call,
    whenRedisDown: {},
  },
  async ({ user, params, context }) =>
    toReply(await participantsCall(context, params.call_id, user.userId), context),
);

const joinCall = route.post(
  '/v1/calls/:call_id/join',
  {
    operation: 'calls/join',
    summary: 'Answer a call, or come back to it; the others get a join frame.',
    auth: 'bearer',
    reply: Call,
    whenRedisDown: fanOutHere,
  },
  async ({ user, params, context }, { fanOut }) => {
    const { userId } = user;
    await participantsCall(context, params.call_id, userId);
    const call = await changeCall(context.database, params.call_id, join(userId));
    if (call === undefined) throw noSuchCall();
    if (!isLive(call)) throw new ApiError('CONFLICT', `This call is over: ${call.status}.`);
    const { callId } = call;
    await fanOut.deliver(signalDelivery({ type: 'join', callId, from: userId, data: {} }));
    return toReply(call, context);
  },
);

const endCall = route.post(
  '/v1/calls/:call_id/end',
  {
    operation: 'calls/end',
    summary: 'Leave a call; the host ends it for all. The others get a leave frame.',
    auth: 'bearer',
    reply: Call,
    whenRedisDown: fanOutHere,
  },
  async ({ user, params, context }, { fanOut }) => {
    const { userId } = user;
    await participantsCall(context, params.call_id, userId);
    const call = await changeCall(context.database, params.call_id, leave(userId));
    if (call === undefined) throw noSuchCall();
    const { callId } = call;
    await fanOut.deliver(signalDelivery({ type: 'leave', callId, from: userId, data: {} }));
    await fanOut.deliver(context.signaling.closing(callId, isLive(call) ? userId : undefined));
    return toReply(call, context);
  },
);

/** A call that a user was called to, or made. Throws NOT_FOUND for everybody else. */
async function participantsCall(
  { database }: VideoContext,
  callId: string,
  userId: string,
): Promise<CallRecord> {
  const call = await findCall(database, callId);
  if (call === undefined || stateOf(call, userId) === undefined) throw noSuchCall();
  return call;
}

function noSuchCall(): ApiError {
  return new ApiError('NOT_FOUND', 'There is no such call.');
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

export const callRoutes = [initiate, get, joinCall, endCall];
