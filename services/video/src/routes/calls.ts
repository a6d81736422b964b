import { randomUUID } from 'node:crypto';
import { video } from '@secureconnect/contracts/endpoints';
import { decodePosition, toPage } from '@secureconnect/service';
import { isLive, leave, stateOf } from '../calls/call.ts';
import { callReply, pastCall } from '../calls/call-reply.ts';
import { mediaFor } from '../calls/media.ts';
import { joinCall, openCall } from '../calls/open-call.ts';
import { participantsCall } from '../calls/participants-call.ts';
import { callIsOver, cannotJoin, noSuchCall } from '../calls/reach.ts';
import { prepareRoom } from '../sfu/prepare-room.ts';
import { callsBefore } from '../stores/call-history.ts';
import { changeCall, findCalls } from '../stores/calls.ts';
import { standingIn } from '../stores/membership.ts';
import { tellChange } from './ringing.ts';
import { route, tellsDevices } from './route.ts';

const initiate = route(video.initiateCall, tellsDevices, async ({ user, body, context }, ports) => {
  const { userId } = user;
  const callId = randomUUID();
  if (body.topology === 'sfu') await prepareRoom(context, user, body, callId);
  const opened = await openCall(context.database, user, body, callId);
  await tellChange(context, ports, opened);
  return callReply(opened.call, await mediaFor(context, opened.call, userId));
});

const get = route(video.getCall, {}, async ({ user, params, context }) => {
  const { userId } = user;
  const call = await participantsCall(context.database, params.call_id, userId);
  const { isMember } = await standingIn(context.database, call.conversationId, userId);
  if (!isMember) throw noSuchCall();
  return callReply(call);
});

const join = route(video.joinCall, tellsDevices, async ({ user, params, context }, ports) => {
  const { userId } = user;
  await participantsCall(context.database, params.call_id, userId);
  const joined = await joinCall(context.database, params.call_id, user);
  if (joined === undefined) throw noSuchCall();
  const { call } = joined;
  if (!isLive(call)) throw callIsOver(call);
  if (stateOf(call, userId) !== 'joined') throw cannotJoin(call, userId);
  await tellChange(context, ports, joined);
  return callReply(call, await mediaFor(context, call, userId));
});

const end = route(video.endCall, tellsDevices, async ({ user, params, context }, ports) => {
  const { userId } = user;
  await participantsCall(context.database, params.call_id, userId);
  const left = await changeCall(context.database, params.call_id, leave(userId));
  if (left === undefined) throw noSuchCall();
  await tellChange(context, ports, left);
  return callReply(left.call);
});

const list = route(video.listCalls, {}, async ({ user, query, context: { database } }) => {
  const after = decodePosition(query.cursor, 'cursor');
  const rows = await callsBefore(database, user.userId, after, query.limit + 1);
  const { entries, next, hasMore } = toPage(rows, query.limit, (row) => row);
  const calls = await findCalls(
    database,
    entries.map(({ id }) => id),
  );
  return { calls: calls.map(pastCall), next_cursor: next, has_more: hasMore };
});

export const callRoutes = {
  initiateCall: initiate,
  listCalls: list,
  getCall: get,
  joinCall: join,
  endCall: end,
};
