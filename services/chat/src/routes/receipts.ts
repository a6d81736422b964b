import { chat } from '@secureconnect/contracts/endpoints';
import { readUpTo, receiptsOf, unreadAfter } from '../operations/read-messages.ts';
import { tell } from '../operations/tell.ts';
import { fanOutHere, keyOf, route } from './route.ts';

export const receiptRoutes = {
  markMessagesRead: route(chat.markMessagesRead, fanOutHere, async (request, { fanOut }) => {
    const { user, context } = request;
    const key = keyOf(request);
    const { mark, event } = await readUpTo(context, user.userId, key);
    await tell(fanOut, event);
    return {
      conversation_id: key.conversationId,
      message_id: key.messageId,
      unread_count: await unreadAfter(context, user.userId, key.conversationId, mark),
    };
  }),
  listReceipts: route(chat.listReceipts, {}, async (request) => ({
    receipts: await receiptsOf(request.context, request.user.userId, keyOf(request)),
  })),
};
