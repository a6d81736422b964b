import { chat } from '@secureconnect/contracts/endpoints';
import { searchMessages } from '../operations/search-messages.ts';
import { route } from './route.ts';

export const searchRoutes = {
  searchMessages: route(chat.searchMessages, {}, async ({ user, query, context }) =>
    searchMessages(context, user.userId, query),
  ),
};
