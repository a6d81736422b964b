import {
  Forward,
  ForwardedMessages,
  Message,
  MessageEdit,
  MessageQuery,
} from '@secureconnect/contracts';
import { deleteMessage, editMessage } from '../change-message.ts';
import { forwardMessage } from '../forward-message.ts';
import { tell } from '../tell.ts';
import { fanOutHere, keyOf, messagePath, route } from './route.ts';

export const messageChangeRoutes = [
  route.patch(
    messagePath,
    {
      operation: 'editing messages',
      summary: 'Changes what a message says; its sender may',
      auth: 'bearer',
      query: MessageQuery,
      body: MessageEdit,
      reply: Message,
      whenRedisDown: fanOutHere,
    },
    async (request, { fanOut }) => {
      const { user, body, context } = request;
      const { message, event } = await editMessage(context, user.userId, keyOf(request), body);
      await tell(fanOut, event);
      return message;
    },
  ),
  route.delete(
    messagePath,
    {
      operation: 'deleting messages',
      summary: 'Empties a message; its sender may, and in a group its owner and its admins',
      auth: 'bearer',
      query: MessageQuery,
      reply: Message,
      whenRedisDown: fanOutHere,
    },
    async (request, { fanOut }) => {
      const { user, context } = request;
      const { message, event } = await deleteMessage(context, user.userId, keyOf(request));
      await tell(fanOut, event);
      return message;
    },
  ),
  route.post(
    `${messagePath}/forward`,
    {
      operation: 'forwarding messages',
      summary:
        'Says a message again in other conversations; the same client_message_id does it once',
      auth: 'bearer',
      query: MessageQuery,
      body: Forward,
      reply: ForwardedMessages,
      whenRedisDown: fanOutHere,
    },
    async (request, { fanOut }) => {
      const { user, body, context } = request;
      const changes = await forwardMessage(context, user.userId, keyOf(request), body);
      for (const { event } of changes) await tell(fanOut, event);
      return { messages: changes.map(({ message }) => message) };
    },
  ),
];
