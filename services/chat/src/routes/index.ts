import { chat } from '@secureconnect/contracts/endpoints';
import { type Route, routesOf } from '@secureconnect/service';
import type { RouteContext } from '../context.ts';
import { conversationChangeRoutes } from './conversation-changes.ts';
import { conversationRoutes } from './conversations.ts';
import { messageChangeRoutes } from './message-changes.ts';
import { messageRoutes } from './messages.ts';
import { participantRoutes } from './participants.ts';
import { pinRoutes } from './pins.ts';
import { presenceRoutes } from './presence.ts';
import { reactionRoutes } from './reactions.ts';
import { receiptRoutes } from './receipts.ts';
import { searchRoutes } from './search.ts';
import { socketRoutes } from './socket.ts';
import { socketMessageRoutes } from './socket-messages.ts';

/** Every route of chat, and every type of frame on its socket. */
export const chatRoutes: readonly Route<RouteContext>[] = routesOf(chat, {
  ...conversationRoutes,
  ...conversationChangeRoutes,
  ...participantRoutes,
  ...messageRoutes,
  ...searchRoutes,
  ...pinRoutes,
  ...messageChangeRoutes,
  ...reactionRoutes,
  ...receiptRoutes,
  ...presenceRoutes,
  ...socketRoutes,
  ...socketMessageRoutes,
});
