import { chat } from '@secureconnect/contracts/endpoints';
import { searchMessages } from '../operations/search-messages.ts';
import { needsMessages, route } from './route.ts';

export const searchRoutes = {
  searchMessages: route(
    chat.searchMessages,
    needsMessages,
    async ({ user, query, context }, { messages }) =>
      searchMessages({ ...context, messages }, user.userId, query),
  ),
};
