import type { Route } from '@secureconnect/service';
import type { ChatContext } from '../context.ts';
import { conversationRoutes } from './conversations.ts';
import { messageRoutes } from './messages.ts';
import { participantRoutes } from './participants.ts';
import { presenceRoutes } from './presence.ts';
import { socketRoutes } from './socket.ts';

/** Every route of chat, and every type of frame on its socket. */
export const chatRoutes: readonly Route<ChatContext>[] = [
  ...conversationRoutes,
  ...participantRoutes,
  ...messageRoutes,
  ...presenceRoutes,
  ...socketRoutes,
];
