import { video } from '@secureconnect/contracts/endpoints';
import { ApiError } from '@secureconnect/service';
import { isLive, stateOf } from '../calls/call.ts';
import { participantsCall } from '../calls/participants-call.ts';
import { callIsOver, cannotJoin, requireReach } from '../calls/reach.ts';
import { iceServersFor, isInCall } from '../turn/ice-servers.ts';
import { route } from './route.ts';

const getIceServers = route(video.getIceServers, {}, async ({ user, params, context }) => {
  const { database, turn } = context;
  const { userId } = user;
  const call = await participantsCall(database, params.call_id, userId);
  await requireReach(database, call.conversationId, userId);
  if (!isLive(call)) throw callIsOver(call);
  if (stateOf(call, userId) === 'removed') throw cannotJoin(call, userId);
  if (!isInCall(call, userId)) {
    throw new ApiError('CONFLICT', 'You are not in this call; join it first.');
  }
  return {
    ice_servers: iceServersFor(turn, call, userId),
    expires_in: turn.credentialSeconds,
    renew_in: Math.floor(turn.credentialSeconds / 2),
  };
});

export const iceServerRoutes = { getIceServers };
