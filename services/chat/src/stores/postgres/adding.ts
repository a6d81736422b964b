import type { Sql } from '@secureconnect/postgres';
import { wordsOf } from '../../search-words.ts';
import { chatEvent } from '../change-events.ts';
import { keepLatest } from '../latest-messages.ts';
import type { Change, NewStoredMessage } from '../message-store.ts';
import { newlyStored, type StoredMessage, toMessage } from '../stored-message.ts';
import { eventColumns, eventParameters, eventValues, messageColumns } from './columns.ts';

/** The last parameter of the message; those of its event follow. */
const messageParameters = 10;

/**
 * See `MessageStore.add`. One statement stores the message and its event, and notes it as the latest
 * one for pushes, atomically.
 */
export async function addMessage(sql: Sql, message: NewStoredMessage): Promise<Change> {
  const stamp = { id: message.message_id, at: message.created_at };
  const event = chatEvent(toMessage(newlyStored(message)), stamp);
  const [added] = await sql.query<StoredMessage>(
    `WITH added AS (
       INSERT INTO chat.messages (message_id, conversation_id, sender_id, content, is_encrypted,
         message_type, metadata, client_message_id, created_at, words)
       VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10)
       ON CONFLICT (conversation_id, sender_id, client_message_id) DO NOTHING
       RETURNING ${messageColumns}
     ), logged AS (
       INSERT INTO chat.events (${eventColumns})
       SELECT ${eventParameters(messageParameters + 1)} FROM added
       RETURNING event_id
     ), noted AS (
       INSERT INTO chat.latest_messages
         (conversation_id, message_id, sender_id, said_at, noted_at)
       SELECT conversation_id, message_id, sender_id, created_at, now() FROM added
       ${keepLatest}
     )
     SELECT added.* FROM added, logged`,
    [
      message.message_id,
      message.conversation_id,
      message.sender_id,
      message.content,
      message.is_encrypted,
      message.message_type,
      JSON.stringify(message.metadata),
      message.client_message_id ?? null,
      message.created_at,
      wordsOf(message),
      ...eventValues(event),
    ],
  );
  if (added !== undefined) return { message: toMessage(added), event };
  return { message: toMessage(await earlierMessage(sql, message)), event: undefined };
}

async function earlierMessage(sql: Sql, message: NewStoredMessage): Promise<StoredMessage> {
  const [earlier] = await sql.query<StoredMessage>(
    `SELECT ${messageColumns} FROM chat.messages
     WHERE conversation_id = $1 AND sender_id = $2 AND client_message_id = $3`,
    [message.conversation_id, message.sender_id, message.client_message_id ?? null],
  );
  if (earlier === undefined) throw new Error('the message was neither stored nor found');
  return earlier;
}
