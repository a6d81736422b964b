import { chat } from '@secureconnect/contracts/endpoints';
import { deleteMessage, editMessage } from '../operations/change-message.ts';
import { forwardMessage } from '../operations/forward-message.ts';
import { tell } from '../operations/tell.ts';
import { fanOutHere, keyOf, route } from './route.ts';

export const messageChangeRoutes = {
  editMessage: route(chat.editMessage, fanOutHere, async (request, { fanOut }) => {
    const { user, body, context } = request;
    const { message, event } = await editMessage(context, user.userId, keyOf(request), body);
    await tell(fanOut, event);
    return message;
  }),
  deleteMessage: route(chat.deleteMessage, fanOutHere, async (request, { fanOut }) => {
    const { user, context } = request;
    const { message, event } = await deleteMessage(context, user.userId, keyOf(request));
    await tell(fanOut, event);
    return message;
  }),
  forwardMessage: route(chat.forwardMessage, fanOutHere, async (request, { fanOut }) => {
    const { user, body, context } = request;
    const changes = await forwardMessage(context, user.userId, keyOf(request), body);
    for (const { event } of changes) await tell(fanOut, event);
    return { messages: changes.map(({ message }) => message) };
  }),
};
