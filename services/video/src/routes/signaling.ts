import type { RelayedFrame } from '@secureconnect/contracts';
import { video } from '@secureconnect/contracts/endpoints';
import type { Connection, FanOut } from '@secureconnect/realtime';
import { ApiError, type MessageOf } from '@secureconnect/service';
import { stateOf, takesPart } from '../calls/call.ts';
import { noSuchCall, refuseOutOfReach, requireReach } from '../calls/reach.ts';
import type { VideoContext } from '../context.ts';
import { roomOf, signalDelivery } from '../frames.ts';
import { viewAtOpening } from '../signaling/call-view.ts';
import { removeSocket, storeSocket, withParticipant } from '../stores/call-sockets.ts';
import { findCall } from '../stores/calls.ts';
import { keepSignal, takeSignals } from '../stores/kept-signals.ts';
import { noteHeard, placeOf } from '../stores/live-calls.ts';
import { fanOutHere, frame, socket } from './route.ts';

/** Maximum frames per user and minute: bursts of candidates to each of three peers. */
export const socketLimits = { framesPerMinute: 1200 };

const openSocket = socket(video.signalingSocket, fanOutHere, async (request, { fanOut }) => {
  const { database, signaling, sockets, watch } = request.context;
  const { call_id: callId } = request.query;
  const room = roomOf(callId);
  const { userId, sessionId } = request.user;
  const rowOf = ({ id: socketId }: Connection) => ({ callId, userId, sessionId, socketId });
  await sockets.accept(request, () => ({
    async opening({ connection }) {
      // Join the room before reading the call, so that its end in between is not missed.
      await fanOut.join(connection, [room]);
      const call = await findCall(database, callId);
      if (call === undefined || stateOf(call, userId) === undefined) throw noSuchCall();
      await requireReach(database, call.conversationId, userId);
      if (!takesPart(call, userId)) throw noSuchCall();
      await noteHeard(database, [callId]);
      const row = rowOf(connection);
      const { earlier, kept } = await withParticipant(database, row, async (sql) => ({
        earlier: await storeSocket(sql, row),
        kept: await takeSignals(sql, row),
      }));
      for (const signal of kept) connection.send(signal);
      const participantIds = new Set(call.participants.map((participant) => participant.userId));
      signaling.add({ ...row, connection, participantIds, view: viewAtOpening(call) });
      if (earlier !== undefined) await fanOut.deliver(watch.replaced(callId, earlier));
      await fanOut.deliver(watch.changed(callId));
    },
    async closed({ connection }) {
      signaling.remove(connection);
      await fanOut.leave(connection, [room]);
      const wasStored = await removeSocket(database, rowOf(connection));
      if (wasStored) await fanOut.deliver(watch.changed(callId));
    },
  }));
});

/**
 * Relays a frame unchanged to one peer or to all; only HTTP requests change the call. Each frame
 * checks, as requests do, whether the sender may still reach the others. For a peer without a
 * socket, offers and the candidates that follow are kept.
 */
async function relay(
  message: MessageOf<RelayedFrame, VideoContext, Connection>,
  { fanOut }: { readonly fanOut: FanOut },
): Promise<undefined> {
  const { user, socket: sender, context } = message;
  const { type, call_id: callId, to, data } = message.frame;
  const seat = context.signaling.seatOf(sender);
  if (seat?.callId !== callId) throw noSuchCall();
  const place = await placeOf(context.database, seat, to);
  if (place === undefined) throw noSuchCall();
  refuseOutOfReach(place);
  if (!place.takesPart) throw noSuchCall();
  if (to !== undefined && (to === user.userId || !seat.participantIds.has(to))) {
    throw new ApiError('NOT_FOUND', 'There is no such peer in this call.');
  }
  const signal = { type, callId, from: user.userId, to, data };
  const delivery = signalDelivery(signal, sender.id);
  if (to !== undefined && !place.peerHasSocket) {
    const { frame } = delivery;
    const fate = await keepSignal(context.database, { ...signal, to, frame });
    if (fate === 'away') throw peerAway();
    if (fate === 'kept') return;
  }
  await fanOut.deliver(delivery);
}

function peerAway(): ApiError {
  return new ApiError('PEER_AWAY', 'This peer has no signaling socket; wait for peer_back.');
}

export const signalingRoutes = {
  signalingSocket: openSocket,
  signalOffer: frame(video.signalOffer, fanOutHere, relay),
  signalAnswer: frame(video.signalAnswer, fanOutHere, relay),
  signalIceCandidate: frame(video.signalIceCandidate, fanOutHere, relay),
  signalJoin: frame(video.signalJoin, fanOutHere, relay),
  signalLeave: frame(video.signalLeave, fanOutHere, relay),
  signalMuteAudio: frame(video.signalMuteAudio, fanOutHere, relay),
  signalMuteVideo: frame(video.signalMuteVideo, fanOutHere, relay),
  signalPing: frame(video.signalPing, {}, async () => undefined),
};
