import { chat } from '@secureconnect/contracts/endpoints';
import { failOpen } from '@secureconnect/degraded-mode';
import type { Connection, FanOut } from '@secureconnect/realtime';
import type { MessageOf } from '@secureconnect/service';
import type { RouteContext } from '../context.ts';
import { notFound } from '../errors.ts';
import { eventDelivery, roomOf } from '../frames.ts';
import { requireVoice } from '../operations/membership.ts';
import { ChatSocket } from '../sockets/chat-socket.ts';
import { resume } from '../sockets/resume.ts';
import { fanOutHere, frame, mayNeedMessages, socket } from './route.ts';

/** The maximum of frames per user and minute: messages as over HTTP, plus signs of life. */
export const socketLimits = {
  framesPerMinute: 1200,
  framesPerMinuteAndSocket: 600,
  // Clients send `typing` every few seconds; a replay costs as much as many messages.
  perMinuteByType: { chat: 100, typing: 120, resume: 30 },
};

const chatSocket = socket(
  chat.chatSocket,
  { ...fanOutHere, presence: failOpen.skip() },
  async (request, { fanOut, presence }) => {
    const { sockets, chatSockets, callNotices } = request.context;
    const { conversation_id: conversationId } = request.query;
    const parts = { sockets: chatSockets, callNotices, fanOut, presence, conversationId };
    await sockets.accept(request, (session) => new ChatSocket(session, parts));
  },
);

const typingFrame = frame(
  chat.typingFrame,
  fanOutHere,
  async ({ user, frame, socket, context }, { fanOut }) => {
    const { conversation_id: conversationId, data } = frame;
    if (!context.hub.isIn(socket, roomOf(conversationId))) throw notFound();
    await requireVoice(context.database, conversationId, user.userId);
    const event = { type: 'typing', conversationId, from: user.userId, data } as const;
    await fanOut.deliver(eventDelivery(event, socket.id));
    return undefined;
  },
);

const resumeFrame = frame(
  chat.resumeFrame,
  mayNeedMessages,
  async ({ frame, socket, context }, { messages }) => ({
    type: 'resumed' as const,
    data: await resume({ ...context, messages }, socket, frame.data.after),
  }),
);

const pingFrame = frame(chat.pingFrame, {}, async () => undefined);

type Whereabouts = MessageOf<{ readonly conversation_id: string }, RouteContext, Connection>;

/**
 * Sends `user_joined` and `user_left` as sockets open and close, except to people whom the user has
 * blocked: they do not see the user's presence either.
 */
async function tellWhereabouts(
  type: 'user_joined' | 'user_left',
  { user, frame, socket, context }: Whereabouts,
  fanOut: FanOut,
): Promise<undefined> {
  const { userId } = user;
  const conversationId = frame.conversation_id;
  const hiddenFrom = await context.blockedListeners.of({ conversationId, userId });
  const event = { type, conversationId, from: userId, data: { user_id: userId }, hiddenFrom };
  await fanOut.deliver(eventDelivery(event, socket.id));
  return undefined;
}

const userJoinedFrame = frame(chat.userJoinedFrame, fanOutHere, async (message, { fanOut }) =>
  tellWhereabouts('user_joined', message, fanOut),
);

const userLeftFrame = frame(chat.userLeftFrame, fanOutHere, async (message, { fanOut }) =>
  tellWhereabouts('user_left', message, fanOut),
);

export const socketRoutes = {
  chatSocket,
  typingFrame,
  resumeFrame,
  pingFrame,
  userJoinedFrame,
  userLeftFrame,
};
