import { video } from '@secureconnect/contracts/endpoints';
import { acceptCall, cancelCall, declineCall } from '../calls/answer-call.ts';
import { callReply } from '../calls/call-reply.ts';
import { mediaFor } from '../calls/media.ts';
import { participantsCall } from '../calls/participants-call.ts';
import type { VideoContext } from '../context.ts';
import type { ChangedCall } from '../stores/calls.ts';
import { type DevicePorts, tellDevices } from '../tell-devices.ts';
import { route, tellsDevices } from './route.ts';

const accept = route(video.acceptCall, tellsDevices, async ({ user, params, context }, ports) => {
  const { userId } = user;
  await participantsCall(context.database, params.call_id, userId);
  const accepted = await acceptCall(context.database, params.call_id, user);
  await tellChange(context, ports, accepted);
  return callReply(accepted.call, await mediaFor(context, accepted.call, userId));
});

const decline = route(video.declineCall, tellsDevices, async ({ user, params, context }, ports) => {
  const { userId } = user;
  await participantsCall(context.database, params.call_id, userId);
  const declined = await declineCall(context.database, params.call_id, userId);
  await tellChange(context, ports, declined);
  return callReply(declined.call);
});

const cancel = route(video.cancelCall, tellsDevices, async ({ user, params, context }, ports) => {
  const { userId } = user;
  await participantsCall(context.database, params.call_id, userId);
  const cancelled = await cancelCall(context.database, params.call_id, userId);
  await tellChange(context, ports, cancelled);
  return callReply(cancelled.call);
});

/** Tells the devices and the sockets of everybody what has changed in a call. */
export async function tellChange(
  { watch }: VideoContext,
  ports: DevicePorts,
  { call, notices }: ChangedCall,
): Promise<void> {
  await tellDevices(ports, notices);
  await ports.fanOut.deliver(watch.changed(call.callId));
}

export const ringingRoutes = { acceptCall: accept, declineCall: decline, cancelCall: cancel };
