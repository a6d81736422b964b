import type { Receipt } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import type { Position } from '@secureconnect/service';
import { nothingRead } from './participants.ts';

/** A conversation in a user's inbox: its last activity and the user's read mark. */
export interface InboxRow extends Position {
  readonly readUntil: Position;
}

/**
 * A user's conversations after a position, the most recently active first: by the latest message, as
 * `active_at` may precede it by a moment where messages are in SQL.
 */
export async function inboxOf(
  sql: Sql,
  userId: string,
  after: Position,
  limit: number,
): Promise<InboxRow[]> {
  const rows = await sql.query<{ at: Date; id: string; read_until: Date; read_id: string }>(
    `SELECT at, conversation_id AS id, read_until, read_message_id AS read_id
     FROM (
       SELECT conversation_id, read_until, read_message_id, greatest(active_at, coalesce((
         SELECT created_at FROM chat.messages
         WHERE messages.conversation_id = participants.conversation_id
         ORDER BY created_at DESC, message_id DESC LIMIT 1), active_at)) AS at
       FROM chat.participants JOIN chat.conversations USING (conversation_id)
       WHERE user_id = $1
     ) AS own
     WHERE (at, conversation_id) < ($2, $3)
     ORDER BY at DESC, conversation_id DESC LIMIT $4`,
    [userId, after.at, after.id, limit],
  );
  return rows.map(({ at, id, read_until, read_id }) => ({
    at,
    id,
    readUntil: { at: read_until, id: read_id },
  }));
}

/** Moves a user's read mark forward, never back. */
export async function markRead(
  sql: Sql,
  conversationId: string,
  userId: string,
  until: Position,
): Promise<void> {
  await sql.execute(
    `UPDATE chat.participants SET read_until = $3, read_message_id = $4
     WHERE conversation_id = $1 AND user_id = $2 AND (read_until, read_message_id) < ($3, $4)`,
    [conversationId, userId, until.at, until.id],
  );
}

/** The other users who have read up to a message or further, the least advanced first. */
export async function readersOf(
  sql: Sql,
  conversationId: string,
  until: Position,
  senderId: string,
): Promise<Receipt[]> {
  return sql.query<Receipt>(
    `SELECT user_id, read_message_id FROM chat.participants
     WHERE conversation_id = $1 AND user_id <> $2 AND read_message_id <> $5
       AND (read_until, read_message_id) >= ($3, $4)
     ORDER BY read_until, user_id`,
    [conversationId, senderId, until.at, until.id, nothingRead],
  );
}
