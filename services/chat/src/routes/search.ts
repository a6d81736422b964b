import { MessagePage, SearchQuery } from '@secureconnect/contracts';
import { searchMessages } from '../search-messages.ts';
import { route } from './route.ts';

export const searchRoutes = [
  route.get(
    '/v1/messages/search',
    {
      operation: 'searching messages',
      summary: 'Finds messages that contain every word; encrypted ones are not found',
      auth: 'bearer',
      query: SearchQuery,
      reply: MessagePage,
      whenRedisDown: {},
    },
    async ({ user, query, context }) => searchMessages(context, user.userId, query),
  ),
];
