import { SignalingSocketQuery, signalingClientFrames } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import { stateOf, takesPart } from '../calls/call.ts';
import { noSuchCall, refuseOutOfReach, requireReach } from '../calls/reach.ts';
import { roomOf, signalDelivery } from '../frames.ts';
import { findCall } from '../stores/calls.ts';
import { noteHeard, placeOf } from '../stores/live-calls.ts';
import { fanOutHere, route } from './route.ts';

const path = '/v1/ws/signaling';

/** What a user may send over their sockets in a minute: a burst of candidates to each of three. */
export const socketLimits = { framesPerMinute: 1200 };

const openSocket = route.upgrade(
  path,
  {
    operation: 'the signaling socket',
    auth: 'bearer',
    query: SignalingSocketQuery,
    whenRedisDown: fanOutHere,
  },
  async (request, { fanOut }) => {
    const { database, signaling, sockets } = request.context;
    const { call_id: callId } = request.query;
    const room = roomOf(callId);
    await sockets.accept(request, {
      async opening({ connection }) {
        // In the room before the call is looked at, so that its end in between is not missed.
        await fanOut.join(connection, [room]);
        const call = await findCall(database, callId);
        const { userId } = connection;
        if (call === undefined || stateOf(call, userId) === undefined) throw noSuchCall();
        await requireReach(database, call.conversationId, userId);
        if (!takesPart(call, userId)) throw noSuchCall();
        await noteHeard(database, [callId]);
        const participantIds = new Set(call.participants.map((participant) => participant.userId));
        signaling.add(connection, { callId, userId, participantIds });
      },
      async closed({ connection }) {
        signaling.remove(connection);
        await fanOut.leave(connection, [room]);
      },
    });
  },
);

const types = [
  'offer',
  'answer',
  'ice_candidate',
  'join',
  'leave',
  'mute_audio',
  'mute_video',
] as const;

/**
 * Each is passed on as it is, to one peer or to all; none changes the call, which HTTP does. Whether
 * the sender may still reach the others is asked for each, as for a request.
 */
const relays = types.map((type) =>
  route.message(
    path,
    type,
    {
      operation: `signaling ${type}`,
      frame: signalingClientFrames[type],
      whenRedisDown: fanOutHere,
    },
    async ({ user, frame, socket, context }, { fanOut }) => {
      const { call_id: callId, to, data } = frame;
      const seat = context.signaling.seatOf(socket);
      if (seat?.callId !== callId) throw noSuchCall();
      const place = await placeOf(context.database, seat);
      if (place === undefined) throw noSuchCall();
      refuseOutOfReach(place);
      if (!place.takesPart) throw noSuchCall();
      if (to !== undefined && (to === user.userId || !seat.participantIds.has(to))) {
        throw new ApiError('NOT_FOUND', 'There is no such peer in this call.');
      }
      const signal = { type, callId, from: user.userId, to, data };
      await fanOut.deliver(signalDelivery(signal, socket.id));
      return undefined;
    },
  ),
);

export const signalingRoutes = [openSocket, ...relays];
