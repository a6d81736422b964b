import { chat } from '@secureconnect/contracts/endpoints';
import { pinMessage, pinnedIn, unpinMessage } from '../operations/pin-message.ts';
import { keyOf, mayNeedMessages, needsMessages, route } from './route.ts';

export const pinRoutes = {
  listPins: route(chat.listPins, mayNeedMessages, async (request, { messages }) => {
    const { user, query, context } = request;
    return { pins: await pinnedIn({ ...context, messages }, user.userId, query.conversation_id) };
  }),
  pinMessage: route(chat.pinMessage, needsMessages, async (request, { messages }) =>
    pinMessage({ ...request.context, messages }, request.user.userId, keyOf(request)),
  ),
  unpinMessage: route(chat.unpinMessage, {}, async (request) => {
    await unpinMessage(request.context, request.user.userId, keyOf(request));
    return { removed: true as const };
  }),
};
