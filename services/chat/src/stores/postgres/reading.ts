import type { Sql } from '@secureconnect/postgres';
import type { Position } from '@secureconnect/service';
import type { MessageKey } from '../message-store.ts';
import type { StoredMessage } from '../stored-message.ts';
import { messageColumns } from './columns.ts';

/** A message, deleted or not; `FOR UPDATE` locks it. */
export async function findMessage(
  sql: Sql,
  { conversationId, messageId }: MessageKey,
  lock: '' | 'FOR UPDATE' = '',
): Promise<StoredMessage | undefined> {
  const [found] = await sql.query<StoredMessage>(
    `SELECT ${messageColumns} FROM chat.messages
     WHERE message_id = $1 AND conversation_id = $2 ${lock}`,
    [messageId, conversationId],
  );
  return found;
}

/** The messages of a conversation with these ids, in any order, deleted ones included. */
export async function findMessages(
  sql: Sql,
  conversationId: string,
  messageIds: readonly string[],
): Promise<StoredMessage[]> {
  return sql.query<StoredMessage>(
    `SELECT ${messageColumns} FROM chat.messages
     WHERE message_id = ANY($1::uuid[]) AND conversation_id = $2`,
    [messageIds, conversationId],
  );
}

/** Messages of a conversation after a position, newest first. */
export async function messagesAfter(
  sql: Sql,
  conversationId: string,
  after: Position,
  limit: number,
): Promise<StoredMessage[]> {
  return sql.query<StoredMessage>(
    `SELECT ${messageColumns} FROM chat.messages
     WHERE conversation_id = $1 AND (created_at, message_id) < ($2, $3)
     ORDER BY created_at DESC, message_id DESC LIMIT $4`,
    [conversationId, after.at, after.id, limit],
  );
}

/** See `MessageStore.search`. */
export async function messagesWith(
  sql: Sql,
  conversationIds: readonly string[],
  words: readonly string[],
  after: Position,
  limit: number,
): Promise<StoredMessage[]> {
  return sql.query<StoredMessage>(
    `SELECT ${messageColumns} FROM chat.messages
     WHERE conversation_id = ANY($1::uuid[]) AND words @> $2::text[] AND deleted_at IS NULL
       AND (created_at, message_id) < ($3, $4)
     ORDER BY created_at DESC, message_id DESC LIMIT $5`,
    [conversationIds, words, after.at, after.id, limit],
  );
}
