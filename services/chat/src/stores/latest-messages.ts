import type { Sql } from '@secureconnect/postgres';
import type { MessageStore, NewStoredMessage } from './message-store.ts';

/** What keeps the later of two messages of a conversation, at the end of an INSERT. */
export const keepLatest = `ON CONFLICT (conversation_id) DO UPDATE
  SET message_id = excluded.message_id, sender_id = excluded.sender_id,
    said_at = excluded.said_at, noted_at = excluded.noted_at
  WHERE (latest_messages.said_at, latest_messages.message_id)
    < (excluded.said_at, excluded.message_id)`;

/**
 * A store outside of SQL that notes the latest messages in SQL: after a message is stored, so that
 * nobody is pushed a message that does not exist. A process that dies in between pushes none.
 */
export function notingLatest(messages: MessageStore, sql: Sql): MessageStore {
  return {
    ...messages,
    async add(message) {
      const change = await messages.add(message);
      if (change.event !== undefined) {
        await noteLatest(sql, { ...message, message_id: change.message.message_id });
      }
      return change;
    },
  };
}

async function noteLatest(sql: Sql, message: NewStoredMessage): Promise<void> {
  await sql.execute(
    `INSERT INTO chat.latest_messages (conversation_id, message_id, sender_id, said_at, noted_at)
     VALUES ($1, $2, $3, $4, now()) ${keepLatest}`,
    [message.conversation_id, message.message_id, message.sender_id, message.created_at],
  );
}

const keptHours = 6;
const sweptAtATime = 1000;

/** Removes notes that are too old to be pushed. */
export async function sweepLatest(sql: Sql): Promise<void> {
  await sql.execute(
    `DELETE FROM chat.latest_messages WHERE conversation_id IN (
       SELECT conversation_id FROM chat.latest_messages
       WHERE noted_at < now() - interval '${keptHours} hours' LIMIT ${sweptAtATime})`,
  );
}

/** Removes the notes of a user whose account is deleted. */
export async function eraseLatest(sql: Sql, userId: string): Promise<void> {
  await sql.execute('DELETE FROM chat.latest_messages WHERE sender_id = $1', [userId]);
}
