import { video } from '@secureconnect/contracts/endpoints';
import type { FanOut } from '@secureconnect/realtime';
import { acceptCall, cancelCall, declineCall } from '../calls/answer-call.ts';
import { isLive } from '../calls/call.ts';
import { callReply } from '../calls/call-reply.ts';
import { participantsCall } from '../calls/participants-call.ts';
import type { VideoContext } from '../context.ts';
import { signalDelivery } from '../frames.ts';
import type { ChangedCall } from '../stores/calls.ts';
import { tellDevices } from '../tell-devices.ts';
import { iceServersFor } from '../turn/ice-servers.ts';
import { fanOutHere, route } from './route.ts';

const accept = route(
  video.acceptCall,
  fanOutHere,
  async ({ user, params, context }, { fanOut }) => {
    const { userId } = user;
    await participantsCall(context.database, params.call_id, userId);
    const { call, notices } = await acceptCall(context.database, params.call_id, user);
    const { callId } = call;
    await tellDevices(fanOut, notices);
    await fanOut.deliver(signalDelivery({ type: 'join', callId, from: userId, data: {} }));
    return callReply(call, iceServersFor(context.turn, call, userId));
  },
);

const decline = route(
  video.declineCall,
  fanOutHere,
  async ({ user, params, context }, { fanOut }) => {
    const { userId } = user;
    await participantsCall(context.database, params.call_id, userId);
    const declined = await declineCall(context.database, params.call_id, userId);
    await tellLeft(context, fanOut, declined, userId);
    return callReply(declined.call);
  },
);

const cancel = route(
  video.cancelCall,
  fanOutHere,
  async ({ user, params, context }, { fanOut }) => {
    const { userId } = user;
    await participantsCall(context.database, params.call_id, userId);
    const cancelled = await cancelCall(context.database, params.call_id, userId);
    await tellLeft(context, fanOut, cancelled, userId);
    return callReply(cancelled.call);
  },
);

/** Tells everybody that a user's part in a call, or the call, is over, and closes those sockets. */
export async function tellLeft(
  { signaling }: VideoContext,
  fanOut: FanOut,
  { call, notices }: ChangedCall,
  userId: string,
): Promise<void> {
  const { callId } = call;
  await tellDevices(fanOut, notices);
  await fanOut.deliver(signalDelivery({ type: 'leave', callId, from: userId, data: {} }));
  await fanOut.deliver(signaling.closing(callId, isLive(call) ? userId : undefined));
}

export const ringingRoutes = { acceptCall: accept, declineCall: decline, cancelCall: cancel };
