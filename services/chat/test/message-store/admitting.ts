import type { Database } from '@secureconnect/postgres';
import type { MessageStore } from '../../src/stores/message-store.ts';

/** The same store, in whose groups each sender takes part first. */
export function admitting(store: MessageStore, database: Database): MessageStore {
  return {
    ...store,
    async add(message) {
      await admit(database, message.conversation_id, message.sender_id);
      return store.add(message);
    },
  };
}

/** Makes a user a member of a group, which is created if it is missing. */
export async function admit(
  database: Database,
  conversationId: string,
  userId: string,
): Promise<void> {
  await database.execute(
    `INSERT INTO chat.conversations
       (conversation_id, type, created_by, created_at, updated_at, active_at)
     VALUES ($1, 'group', $2, now(), now(), now()) ON CONFLICT DO NOTHING`,
    [conversationId, userId],
  );
  await database.execute(
    `INSERT INTO chat.participants
       (conversation_id, user_id, role, joined_at, read_until, read_message_id)
     VALUES ($1, $2, 'member', now(), now(), $2) ON CONFLICT DO NOTHING`,
    [conversationId, userId],
  );
}
