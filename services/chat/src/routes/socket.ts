import { ChatSocketQuery, chatClientFrames, Uuid } from '@secureconnect/contracts';
import { failOpen } from '@secureconnect/degraded-mode';
import { z } from 'zod';
import { notFound } from '../errors.ts';
import { eventDelivery, messageDelivery, roomOf } from '../frames.ts';
import { requireMembership } from '../membership.ts';
import { storeMessage } from '../send-message.ts';
import { ChatSocket } from '../sockets/chat-socket.ts';
import { markRead } from '../stores/participants.ts';
import { fanOutHere, route } from './route.ts';

const path = '/v1/ws/chat';

/** What a user may send over their sockets in a minute: messages as over HTTP, and signs of life. */
export const socketLimits = { framesPerMinute: 1200, perMinuteByType: { chat: 100 } };

const openSocket = route.upgrade(
  path,
  {
    operation: 'the chat socket',
    auth: 'bearer',
    query: ChatSocketQuery,
    whenRedisDown: { ...fanOutHere, presence: failOpen.skip() },
  },
  async (request, { fanOut, presence }) => {
    const { database, hub, sockets, chatSockets } = request.context;
    const { conversation_id: conversationId } = request.query;
    const parts = { database, hub, sockets: chatSockets, fanOut, presence, conversationId };
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

const chat = route.message(
  path,
  'chat',
  { operation: 'sending messages', frame: chatClientFrames.chat, whenRedisDown: fanOutHere },
  async ({ user, frame, socket, context }, { fanOut }) => {
    const message = await storeMessage(context, user.userId, frame.conversation_id, frame.data);
    await fanOut.deliver(messageDelivery(message, socket.id));
    return { type: 'ack', message };
  },
);

const typing = route.message(
  path,
  'typing',
  { operation: 'typing', frame: chatClientFrames.typing, whenRedisDown: fanOutHere },
  async ({ user, frame, socket, context }, { fanOut }) => {
    const { conversation_id: conversationId, data } = frame;
    // Being in the room is proof enough, and spares the database a question for every keystroke.
    if (!context.hub.isIn(socket, roomOf(conversationId))) throw notFound();
    const event = { type: 'typing', conversationId, from: user.userId, data } as const;
    await fanOut.deliver(eventDelivery(event, socket.id));
    return undefined;
  },
);

const read = route.message(
  path,
  'read',
  { operation: 'read receipts', frame: chatClientFrames.read, whenRedisDown: fanOutHere },
  async ({ user, frame, socket, context: { database, messages } }, { fanOut }) => {
    const { conversation_id: conversationId, data } = frame;
    await requireMembership(database, conversationId, user.userId);
    const until = await messages.positionOf(conversationId, data.message_id);
    if (until === undefined) throw notFound('There is no such message.');
    await markRead(database, conversationId, user.userId, until);
    const event = { type: 'read', conversationId, from: user.userId, data } as const;
    await fanOut.deliver(eventDelivery(event, socket.id));
    return undefined;
  },
);

const Whereabouts = z.object({ conversation_id: Uuid });

/** What the service says by itself as sockets come and go. */
const membershipEvents = (['user_joined', 'user_left'] as const).map((type) =>
  route.message(
    path,
    type,
    { operation: type, frame: Whereabouts, sentBy: 'server', whenRedisDown: fanOutHere },
    async ({ user, frame, socket }, { fanOut }) => {
      const conversationId = frame.conversation_id;
      const data = { user_id: user.userId };
      const event = { type, conversationId, from: user.userId, data };
      await fanOut.deliver(eventDelivery(event, socket.id));
      return undefined;
    },
  ),
);

export const socketRoutes = [openSocket, chat, typing, read, ...membershipEvents];
