import { chat } from '@secureconnect/contracts/endpoints';
import { pinMessage, pinnedIn, unpinMessage } from '../operations/pin-message.ts';
import { keyOf, route } from './route.ts';

export const pinRoutes = {
  listPins: route(chat.listPins, {}, async ({ user, query, context }) => ({
    pins: await pinnedIn(context, user.userId, query.conversation_id),
  })),
  pinMessage: route(chat.pinMessage, {}, async (request) =>
    pinMessage(request.context, request.user.userId, keyOf(request)),
  ),
  unpinMessage: route(chat.unpinMessage, {}, async (request) => {
    await unpinMessage(request.context, request.user.userId, keyOf(request));
    return { removed: true as const };
  }),
};
