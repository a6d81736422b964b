import { chat } from '@secureconnect/contracts/endpoints';
import { readUpTo, receiptsOf, unreadAfter } from '../operations/read-messages.ts';
import { tell } from '../operations/tell.ts';
import { keyOf, needsMessages, route, tellsOfMessages } from './route.ts';

export const receiptRoutes = {
  markMessagesRead: route(
    chat.markMessagesRead,
    tellsOfMessages,
    async (request, { fanOut, messages }) => {
      const { user } = request;
      const context = { ...request.context, messages };
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
  listReceipts: route(chat.listReceipts, needsMessages, async (request, { messages }) => {
    const context = { ...request.context, messages };
    return { receipts: await receiptsOf(context, request.user.userId, keyOf(request)) };
  }),
};
