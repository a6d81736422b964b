import { video } from '@secureconnect/contracts/endpoints';
import { ApiError } from '@secureconnect/service';
import { type CallRecord, isLive } from '../calls/call.ts';
import { participantsCall } from '../calls/participants-call.ts';
import { callIsOver, requireReach } from '../calls/reach.ts';
import type { VideoContext } from '../context.ts';
import { receiveEvent } from '../sfu/receive-event.ts';
import { createRoom } from '../sfu/sfu.ts';
import { accessFor } from '../sfu/sfu-access.ts';
import { isInCall } from '../turn/ice-servers.ts';
import { route } from './route.ts';

const getSfuToken = route(video.getSfuToken, {}, async ({ user, params, context }) => {
  const { sfu } = context;
  const { userId } = user;
  const call = await callInRoom(context, params.call_id, userId);
  if (sfu === undefined) throw withoutSfu();
  // LiveKit deletes empty rooms, and forgets all when it restarts.
  await createRoom(sfu, call.callId, call.participants.length);
  const current = await callInRoom(context, params.call_id, userId);
  const access = await accessFor(sfu.config, current, userId);
  if (access === undefined) throw withoutSfu();
  return access;
});

const receiveSfuEvent = route(video.receiveSfuEvent, {}, async ({ incoming, context }) => {
  const { database, sfu } = context;
  if (sfu === undefined) throw new ApiError('NOT_FOUND', 'This server has no SFU.');
  return { is_duplicate: await receiveEvent({ database, sfu }, incoming) };
});

/** A call through the SFU that a user is in. Throws ApiError. */
async function callInRoom(
  { database }: VideoContext,
  callId: string,
  userId: string,
): Promise<CallRecord> {
  const call = await participantsCall(database, callId, userId);
  await requireReach(database, call.conversationId, userId);
  if (!isLive(call)) throw callIsOver(call);
  if (!isInCall(call, userId)) {
    throw new ApiError('CONFLICT', 'You are not in this call; join it first.');
  }
  if (call.topology !== 'sfu') throw withoutSfu();
  return call;
}

function withoutSfu(): ApiError {
  const message = 'This call has no SFU: connect to its peers, with …/ice-servers.';
  return new ApiError('CONFLICT', message);
}

export const sfuRoutes = { getSfuToken, receiveSfuEvent };
