import {
  Conversation,
  ConversationPage,
  NewConversation,
  PageQuery,
} from '@secureconnect/contracts';
import { createConversation } from '../create-conversation.ts';
import { notFound } from '../errors.ts';
import { findPeople } from '../find-people.ts';
import { membershipChanged, requireMembership } from '../membership.ts';
import { decodePosition, toPage } from '../position.ts';
import { conversationsOf, findConversations } from '../stores/conversations.ts';
import { directoryForNames, fanOutHere, route } from './route.ts';

export const conversationRoutes = [
  route.post(
    '/v1/conversations',
    {
      operation: 'creating conversations',
      summary: 'Starts a conversation; a pair of users has one direct conversation',
      auth: 'bearer',
      body: NewConversation,
      reply: Conversation,
      status: 201,
      whenRedisDown: { ...fanOutHere, ...directoryForNames },
    },
    async ({ user, body, context }, { fanOut, directory }) => {
      const { participant_ids: ids, participants: names } = body;
      const people = { idField: 'participant_ids', ids, names } as const;
      const found = await findPeople(people, directory, context.database);
      const made = await createConversation(context.database, user.userId, body, found);
      await membershipChanged(context, fanOut, made.change);
      return made.conversation;
    },
  ),
  route.get(
    '/v1/conversations',
    {
      operation: 'listing conversations',
      summary: 'Lists the conversations that one takes part in, newest first',
      auth: 'bearer',
      query: PageQuery,
      reply: ConversationPage,
      whenRedisDown: {},
    },
    async ({ user, query, context: { database } }) => {
      const after = decodePosition(query.cursor, 'cursor');
      const rows = await conversationsOf(database, user.userId, after, query.limit + 1);
      const { entries, next, hasMore } = toPage(rows, query.limit, (row) => row);
      const ids = entries.map(({ id }) => id);
      const conversations = await findConversations(database, ids);
      return { conversations, next_cursor: next, has_more: hasMore };
    },
  ),
  route.get(
    '/v1/conversations/:conversation_id',
    {
      operation: 'reading a conversation',
      auth: 'bearer',
      reply: Conversation,
      whenRedisDown: {},
    },
    async ({ user, params, context: { database } }) => {
      await requireMembership(database, params.conversation_id, user.userId);
      const [conversation] = await findConversations(database, [params.conversation_id]);
      if (conversation === undefined) throw notFound();
      return conversation;
    },
  ),
];
