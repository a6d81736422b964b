import { MessageQuery, Pin, PinList, PinRemoved } from '@secureconnect/contracts';
import { pinMessage, pinnedIn, unpinMessage } from '../pin-message.ts';
import { keyOf, messagePath, route } from './route.ts';

export const pinRoutes = [
  route.get(
    '/v1/messages/pinned',
    {
      operation: 'listing pins',
      summary: 'Lists the pinned messages of a conversation, the newest pin first',
      auth: 'bearer',
      query: MessageQuery,
      reply: PinList,
      whenRedisDown: {},
    },
    async ({ user, query, context }) => ({
      pins: await pinnedIn(context, user.userId, query.conversation_id),
    }),
  ),
  route.put(
    `${messagePath}/pin`,
    {
      operation: 'pinning messages',
      summary: 'Pins a message; in a group its owner and its admins may',
      auth: 'bearer',
      query: MessageQuery,
      reply: Pin,
      whenRedisDown: {},
    },
    async (request) => pinMessage(request.context, request.user.userId, keyOf(request)),
  ),
  route.delete(
    `${messagePath}/pin`,
    {
      operation: 'unpinning messages',
      summary: 'Takes a pin away; where there is none, nothing happens',
      auth: 'bearer',
      query: MessageQuery,
      reply: PinRemoved,
      whenRedisDown: {},
    },
    async (request) => {
      await unpinMessage(request.context, request.user.userId, keyOf(request));
      return { removed: true as const };
    },
  ),
];
