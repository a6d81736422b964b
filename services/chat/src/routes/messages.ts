import { chat } from '@secureconnect/contracts/endpoints';
import { decodePosition, type Position, toPage } from '@secureconnect/service';
import type { ChatContext } from '../context.ts';
import { positionOf } from '../operations/find-message.ts';
import { requireMembership } from '../operations/membership.ts';
import { sendMessage } from '../operations/send-message.ts';
import { tell } from '../operations/tell.ts';
import { inboxOf } from '../stores/read-marks.ts';
import { fanOutHere, route } from './route.ts';

interface PageRequest {
  readonly after: Position;
  readonly limit: number;
}

export const messageRoutes = {
  sendMessage: route(chat.sendMessage, fanOutHere, async ({ user, body, context }, { fanOut }) => {
    const { conversation_id: conversationId, ...content } = body;
    const sent = await sendMessage(context, user.userId, conversationId, content);
    await tell(fanOut, sent.event);
    return sent.message;
  }),
  listMessages: route(chat.listMessages, {}, async ({ user, query, context }) => {
    const page = { after: decodePosition(query.page_state, 'page_state'), limit: query.limit };
    const { conversation_id: conversationId } = query;
    return conversationId === undefined
      ? inbox(context, user.userId, page)
      : history(context, user.userId, conversationId, page);
  }),
};

async function history(
  { database, messages }: ChatContext,
  userId: string,
  conversationId: string,
  { after, limit }: PageRequest,
) {
  await requireMembership(database, conversationId, userId);
  const found = await messages.page(conversationId, after, limit + 1);
  const { entries, next, hasMore } = toPage(found, limit, positionOf);
  return { messages: entries, next_page_state: next, has_more: hasMore };
}

async function inbox(
  { database, messages }: ChatContext,
  userId: string,
  { after, limit }: PageRequest,
) {
  const rows = await inboxOf(database, userId, after, limit + 1);
  const { entries, next, hasMore } = toPage(rows, limit, (row) => row);
  const marks = entries.map(({ id, readUntil }) => ({ conversationId: id, readUntil }));
  const summaries = await messages.summaries(userId, marks);
  return {
    inbox: entries.map(({ id }) => {
      const { newest, unread = 0 } = summaries.get(id) ?? {};
      const last = newest === undefined ? {} : { last_message: newest };
      return { conversation_id: id, ...last, unread_count: unread };
    }),
    next_page_state: next,
    has_more: hasMore,
  };
}
