import { chat } from '@secureconnect/contracts/endpoints';
import { deleteMessage, editMessage } from '../operations/change-message.ts';
import { forwardMessage } from '../operations/forward-message.ts';
import { tell } from '../operations/tell.ts';
import { keyOf, route, tellsOfMessages } from './route.ts';

export const messageChangeRoutes = {
  editMessage: route(chat.editMessage, tellsOfMessages, async (request, { fanOut, messages }) => {
    const { user, body, context } = request;
    const { message, event } = await editMessage(
      { ...context, messages },
      user.userId,
      keyOf(request),
      body,
    );
    await tell(fanOut, event);
    return message;
  }),
  deleteMessage: route(
    chat.deleteMessage,
    tellsOfMessages,
    async (request, { fanOut, messages }) => {
      const { user, context } = request;
      const { message, event } = await deleteMessage(
        { ...context, messages },
        user.userId,
        keyOf(request),
      );
      await tell(fanOut, event);
      return message;
    },
  ),
  forwardMessage: route(
    chat.forwardMessage,
    tellsOfMessages,
    async (request, { fanOut, messages }) => {
      const { user, body, context } = request;
      const changes = await forwardMessage(
        { ...context, messages },
        user.userId,
        keyOf(request),
        body,
      );
      for (const { event } of changes) await tell(fanOut, event);
      return { messages: changes.map(({ message }) => message) };
    },
  ),
};
