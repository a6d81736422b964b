import type { Sql } from '@secureconnect/postgres';
import type { NewStoredMessage } from './message-store.ts';

/** What keeps the later of two messages of a conversation, at the end of an INSERT. */
export const keepLatest = `ON CONFLICT (conversation_id) DO UPDATE
  SET message_id = excluded.message_id, sender_id = excluded.sender_id,
    said_at = excluded.said_at, noted_at = excluded.noted_at
  WHERE (latest_messages.said_at, latest_messages.message_id)
    < (excluded.said_at, excluded.message_id)`;

/** Notes a stored message, unless a later one is noted. */
export async function noteLatest(sql: Sql, message: NewStoredMessage): Promise<void> {
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
