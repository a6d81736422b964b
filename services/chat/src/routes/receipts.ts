import { MessageQuery, MessageRead, ReceiptList } from '@secureconnect/contracts';
import { readUpTo, receiptsOf, unreadAfter } from '../read-messages.ts';
import { tell } from '../tell.ts';
import { fanOutHere, keyOf, messagePath, route } from './route.ts';

export const receiptRoutes = [
  route.post(
    `${messagePath}/read`,
    {
      operation: 'read receipts',
      summary: 'Says that one has read up to a message; never moves back',
      auth: 'bearer',
      query: MessageQuery,
      reply: MessageRead,
      whenRedisDown: fanOutHere,
    },
    async (request, { fanOut }) => {
      const { user, context } = request;
      const key = keyOf(request);
      const { mark, event } = await readUpTo(context, user.userId, key);
      await tell(fanOut, event);
      return {
        conversation_id: key.conversationId,
        message_id: key.messageId,
        unread_count: await unreadAfter(context, user.userId, key.conversationId, mark),
      };
    },
  ),
  route.get(
    `${messagePath}/receipts`,
    {
      operation: 'reading receipts',
      summary: 'Lists which of the others have read a message',
      auth: 'bearer',
      query: MessageQuery,
      reply: ReceiptList,
      whenRedisDown: {},
    },
    async (request) => ({
      receipts: await receiptsOf(request.context, request.user.userId, keyOf(request)),
    }),
  ),
];
