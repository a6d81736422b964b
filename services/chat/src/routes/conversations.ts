import { chat } from '@secureconnect/contracts/endpoints';
import { decodePosition, toPage } from '@secureconnect/service';
import { notFound } from '../errors.ts';
import { createConversation } from '../operations/create-conversation.ts';
import { findPeople } from '../operations/find-people.ts';
import { membershipChanged, requireMembership } from '../operations/membership.ts';
import { conversationsOf, findConversations } from '../stores/conversations.ts';
import { directoryForNames, fanOutHere, route } from './route.ts';

export const conversationRoutes = {
  createConversation: route(
    chat.createConversation,
    { ...fanOutHere, ...directoryForNames },
    async ({ user, body, context }, { fanOut, directory }) => {
      const { participant_ids: ids, participants: names } = body;
      const people = { idField: 'participant_ids', ids, names } as const;
      const found = await findPeople(people, directory, context);
      const made = await createConversation(context.database, user.userId, body, found);
      await membershipChanged(context, fanOut, made.change);
      return made.conversation;
    },
  ),
  listConversations: route(
    chat.listConversations,
    {},
    async ({ user, query, context: { database } }) => {
      const after = decodePosition(query.cursor, 'cursor');
      const rows = await conversationsOf(database, user.userId, after, query.limit + 1);
      const { entries, next, hasMore } = toPage(rows, query.limit, (row) => row);
      const ids = entries.map(({ id }) => id);
      const conversations = await findConversations(database, ids);
      return { conversations, next_cursor: next, has_more: hasMore };
    },
  ),
  getConversation: route(
    chat.getConversation,
    {},
    async ({ user, params, context: { database } }) => {
      await requireMembership(database, params.conversation_id, user.userId);
      const [conversation] = await findConversations(database, [params.conversation_id]);
      if (conversation === undefined) throw notFound();
      return conversation;
    },
  ),
};
