import { video } from '@secureconnect/contracts/endpoints';
import { ApiError } from '@secureconnect/service';
import { isLive, stateOf } from '../calls/call.ts';
import { callReply } from '../calls/call-reply.ts';
import {
  controlCall,
  noSuchParticipant,
  removeParticipant,
  requireHost,
} from '../calls/host-controls.ts';
import { participantsCall } from '../calls/participants-call.ts';
import { callIsOver, requireReach } from '../calls/reach.ts';
import { signalDelivery } from '../frames.ts';
import { isConnected } from '../stores/call-sockets.ts';
import { tellChange } from './ringing.ts';
import { fanOutHere, route, tellsDevices } from './route.ts';

const control = route(
  video.controlCall,
  tellsDevices,
  async ({ user, params, body, context }, ports) => {
    const { call_id: callId } = params;
    await participantsCall(context.database, callId, user.userId);
    const host = { callId, hostId: user.userId };
    const changed = await controlCall(context.database, host, body);
    await tellChange(context, ports, changed);
    return callReply(changed.call);
  },
);

const remove = route(
  video.removeFromCall,
  tellsDevices,
  async ({ user, params, context }, ports) => {
    const { call_id: callId } = params;
    await participantsCall(context.database, callId, user.userId);
    const host = { callId, hostId: user.userId };
    const changed = await removeParticipant(context.database, host, params.user_id);
    await tellChange(context, ports, changed);
    return callReply(changed.call);
  },
);

const mute = route(
  video.muteInCall,
  fanOutHere,
  async ({ user, params, body, context }, { fanOut }) => {
    const { database } = context;
    const { call_id: callId, user_id: to } = params;
    const call = await participantsCall(database, callId, user.userId);
    await requireReach(database, call.conversationId, user.userId);
    if (!isLive(call)) throw callIsOver(call);
    requireHost(call, user.userId);
    if (stateOf(call, to) !== 'joined' || to === user.userId) throw noSuchParticipant();
    if (!(await isConnected(database, { callId, userId: to }))) {
      throw new ApiError('PEER_AWAY', 'This participant has no signaling socket now; retry.');
    }
    const signal = { type: 'mute_request', callId, from: user.userId, to, data: body } as const;
    await fanOut.deliver(signalDelivery(signal));
    return callReply(call);
  },
);

export const hostControlRoutes = {
  controlCall: control,
  removeFromCall: remove,
  muteInCall: mute,
};
