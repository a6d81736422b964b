import type { Sql } from '@secureconnect/postgres';
import { notFound, outOfReach } from '../errors.ts';
import { noteChange } from './conversations.ts';
import { noteLatest } from './latest-messages.ts';
import type { MessageStore } from './message-store.ts';
import { findMembership } from './participants.ts';

/**
 * A message store outside of SQL, whose `add` stores what it is given: memberships and notes of
 * messages are in SQL. The activity is noted before the message is stored: if storing fails, the only
 * effect is that the conversation is too high in inboxes. The latest message is noted afterwards, so
 * that nobody is pushed a message that does not exist; a process that dies in between pushes none.
 */
export function outsideSql(messages: MessageStore, sql: Sql): MessageStore {
  return {
    ...messages,
    async add(message) {
      const { conversation_id: conversationId, sender_id: senderId, created_at: at } = message;
      const membership = await findMembership(sql, conversationId, senderId);
      if (membership === undefined) throw notFound();
      if (membership.isBlocked) throw outOfReach();
      await noteChange(sql, conversationId, at, { said: true });
      const change = await messages.add(message);
      if (change.event !== undefined) {
        await noteLatest(sql, { ...message, message_id: change.message.message_id });
      }
      return change;
    },
  };
}
