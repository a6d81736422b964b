import { chat } from '@secureconnect/contracts/endpoints';
import { decodePosition, type Position, toPage } from '@secureconnect/service';
import type { ChatContext } from '../context.ts';
import { positionOf } from '../operations/find-message.ts';
import { requireMembership } from '../operations/membership.ts';
import { sendMessage } from '../operations/send-message.ts';
import { tell } from '../operations/tell.ts';
import { inboxOf } from '../stores/read-marks.ts';
import { needsMessages, route, tellsOfMessages } from './route.ts';

interface PageRequest {
  readonly after: Position;
  readonly limit: number;
}

export const messageRoutes = {
  sendMessage: route(
    chat.sendMessage,
    tellsOfMessages,
    async ({ user, body, context }, { fanOut, messages }) => {
      const { conversation_id: conversationId, ...content } = body;
      const sent = await sendMessage(
        { ...context, messages },
        user.userId,
        conversationId,
        content,
      );
      await tell(fanOut, sent.event);
      return sent.message;
    },
  ),
  listMessages: route(
    chat.listMessages,
    needsMessages,
    async ({ user, query, context }, { messages }) => {
      const page = { after: decodePosition(query.page_state, 'page_state'), limit: query.limit };
      const { conversation_id: conversationId } = query;
      const deps = { ...context, messages };
      return conversationId === undefined
        ? inbox(deps, user.userId, page)
        : history(deps, user.userId, conversationId, page);
    },
  ),
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
