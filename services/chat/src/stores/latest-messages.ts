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

/**
 * Removes the notes of a user whose account is deleted. A later message of somebody else, which the
 * note covered, takes its place.
 */
export async function eraseLatest(sql: Sql, userId: string): Promise<void> {
  await sql.execute(
    `UPDATE chat.latest_messages AS noted
     SET message_id = later.message_id, sender_id = later.sender_id, said_at = later.created_at
     FROM chat.latest_messages AS own CROSS JOIN LATERAL (
       SELECT message_id, sender_id, created_at FROM chat.messages
       WHERE messages.conversation_id = own.conversation_id
         AND (created_at, message_id) > (own.said_at, own.message_id)
       ORDER BY created_at DESC, message_id DESC LIMIT 1
     ) AS later
     WHERE noted.conversation_id = own.conversation_id AND own.sender_id = $1`,
    [userId],
  );
  await sql.execute('DELETE FROM chat.latest_messages WHERE sender_id = $1', [userId]);
}
