import { ChatSocketQuery, chatClientFrames, Uuid } from '@secureconnect/contracts';
import { failOpen } from '@secureconnect/degraded-mode';
import { z } from 'zod';
import { notFound } from '../errors.ts';
import { eventDelivery, roomOf } from '../frames.ts';
import { requireVoice } from '../membership.ts';
import { ChatSocket } from '../sockets/chat-socket.ts';
import { resume } from '../sockets/resume.ts';
import { fanOutHere, route } from './route.ts';

/** Where chat sockets are opened. */
export const socketPath = '/v1/ws/chat';

/** What a user may send over their sockets in a minute: messages as over HTTP, and signs of life. */
export const socketLimits = {
  framesPerMinute: 1200,
  framesPerMinuteAndSocket: 600,
  // Clients say every few seconds that somebody types; a replay costs as much as many messages.
  perMinuteByType: { chat: 100, typing: 120, resume: 30 },
};

const openSocket = route.upgrade(
  socketPath,
  {
    operation: 'the chat socket',
    auth: 'bearer',
    query: ChatSocketQuery,
    whenRedisDown: { ...fanOutHere, presence: failOpen.skip() },
  },
  async (request, { fanOut, presence }) => {
    const { sockets, chatSockets } = request.context;
    const { conversation_id: conversationId } = request.query;
    const parts = { sockets: chatSockets, fanOut, presence, conversationId };
    let socket: ChatSocket | undefined;
    await sockets.accept(request, {
      async opening(session) {
        socket = new ChatSocket(session, parts);
        await socket.opening();
      },
      opened: async () => socket?.opened(),
      beat: async () => socket?.beat(),
      closed: async () => socket?.closed(),
    });
  },
);

const typing = route.message(
  socketPath,
  'typing',
  { operation: 'typing', frame: chatClientFrames.typing, whenRedisDown: fanOutHere },
  async ({ user, frame, socket, context }, { fanOut }) => {
    const { conversation_id: conversationId, data } = frame;
    if (!context.hub.isIn(socket, roomOf(conversationId))) throw notFound();
    await requireVoice(context.database, conversationId, user.userId);
    const event = { type: 'typing', conversationId, from: user.userId, data } as const;
    await fanOut.deliver(eventDelivery(event, socket.id));
    return undefined;
  },
);

const resumeRow = route.message(
  socketPath,
  'resume',
  { operation: 'resuming', frame: chatClientFrames.resume, whenRedisDown: {} },
  async ({ frame, socket, context }) => ({
    type: 'resumed',
    data: await resume(context, socket, frame.data.after),
  }),
);

const Whereabouts = z.object({ conversation_id: Uuid });

/**
 * What the service says by itself as sockets come and go; those whom the user has blocked do not hear
 * of it, as they see nobody's presence who has blocked them.
 */
const membershipEvents = (['user_joined', 'user_left'] as const).map((type) =>
  route.message(
    socketPath,
    type,
    { operation: type, frame: Whereabouts, sentBy: 'server', whenRedisDown: fanOutHere },
    async ({ user, frame, socket, context }, { fanOut }) => {
      const { userId } = user;
      const conversationId = frame.conversation_id;
      const hiddenFrom = await context.blockedListeners.of({ conversationId, userId });
      const event = { type, conversationId, from: userId, data: { user_id: userId }, hiddenFrom };
      await fanOut.deliver(eventDelivery(event, socket.id));
      return undefined;
    },
  ),
);

export const socketRoutes = [openSocket, typing, resumeRow, ...membershipEvents];
