import type { Sql } from '@secureconnect/postgres';
import { notFound, outOfReach } from '../../errors.ts';
import { wordsOf } from '../../search-words.ts';
import { eitherBlocked } from '../blocks.ts';
import { chatEvent } from '../change-events.ts';
import { keepLatest } from '../latest-messages.ts';
import type { Change, NewStoredMessage } from '../message-store.ts';
import { newlyStored, type StoredMessage, toMessage } from '../stored-message.ts';
import { messageColumns } from './columns.ts';

/** What became of one message: its change, or why its sender may not write. */
export type Added = { readonly change: Change } | { readonly refusal: Error };

const saidColumns =
  'message_id, conversation_id, sender_id, content, is_encrypted, message_type, metadata, ' +
  'client_message_id, created_at, words';

/**
 * A note covers messages up to this long after it: in a busy conversation, a row for all its speakers
 * is written once in this time instead of being waited for by each batch.
 */
const noteCovers = "interval '1 second'";

/**
 * Stores messages and their events, and notes them at their conversations, atomically. `judged` reads
 * who may write in the snapshot in which the messages are stored. A conversation is `due` to be noted
 * unless a committed note covers the message: its change is noted ahead, and its latest message is
 * read from `chat.messages` (`chat.unread_latest`, the inbox). `noted` locks conversations in the
 * order of their ids and `touched` follows it, so that two instances do not wait for each other; a
 * message older than the noted one changes neither.
 */
const storing = `WITH said AS (
    SELECT ${saidColumns} FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::boolean[],
      $6::text[], $7::jsonb[], $8::text[], $9::timestamptz[], $10::text[]) AS said (${saidColumns})
  ), judged AS (
    SELECT said.message_id, type = 'direct' AND EXISTS (
      SELECT 1 FROM chat.participants AS other
      WHERE other.conversation_id = own.conversation_id AND other.user_id <> own.user_id
        AND ${eitherBlocked('own.user_id', 'other.user_id')}
    ) AS is_blocked
    FROM said
    JOIN chat.participants AS own
      ON own.conversation_id = said.conversation_id AND own.user_id = said.sender_id
    JOIN chat.conversations ON conversations.conversation_id = said.conversation_id
  ), added AS (
    INSERT INTO chat.messages (${saidColumns})
    SELECT message_id, conversation_id, sender_id, content, is_encrypted, message_type, metadata,
      client_message_id, created_at, string_to_array(words, ' ')
    FROM said JOIN judged USING (message_id) WHERE NOT is_blocked
    ON CONFLICT (conversation_id, sender_id, client_message_id) DO NOTHING
    RETURNING message_id, conversation_id, sender_id, created_at
  ), logged AS (
    INSERT INTO chat.events (conversation_id, event_id, at, type, from_user, data)
    SELECT conversation_id, message_id, created_at, 'chat', sender_id,
      jsonb_build_object('message_id', message_id)
    FROM added
  ), due AS (
    SELECT DISTINCT ON (conversation_id) conversation_id, message_id, sender_id, created_at
    FROM added
    WHERE NOT EXISTS (
      SELECT 1 FROM chat.conversations JOIN chat.latest_messages USING (conversation_id)
      WHERE conversations.conversation_id = added.conversation_id
        AND changed_at >= added.created_at AND noted_at > now() - ${noteCovers})
    ORDER BY conversation_id, created_at DESC, message_id DESC
  ), noted AS (
    INSERT INTO chat.latest_messages (conversation_id, message_id, sender_id, said_at, noted_at)
    SELECT conversation_id, message_id, sender_id, created_at, now() FROM due
    ${keepLatest}
    RETURNING conversation_id, said_at
  ), touched AS (
    UPDATE chat.conversations SET changed_at = greatest(changed_at, said_at + ${noteCovers}),
      active_at = greatest(active_at, said_at)
    FROM noted WHERE conversations.conversation_id = noted.conversation_id
  )
  SELECT judged.message_id, is_blocked, added.message_id IS NOT NULL AS is_added
  FROM judged LEFT JOIN added ON added.message_id = judged.message_id`;

interface JudgedRow {
  message_id: string;
  is_blocked: boolean;
  is_added: boolean;
}

/** See `MessageStore.add`. One statement for all; the outcomes are in the order of the messages. */
export async function addMessages(
  sql: Sql,
  messages: readonly NewStoredMessage[],
): Promise<Added[]> {
  const rows = await sql.query<JudgedRow>(storing, [
    messages.map(({ message_id }) => message_id),
    messages.map(({ conversation_id }) => conversation_id),
    messages.map(({ sender_id }) => sender_id),
    messages.map(({ content }) => content),
    messages.map(({ is_encrypted }) => is_encrypted),
    messages.map(({ message_type }) => message_type),
    messages.map(({ metadata }) => JSON.stringify(metadata)),
    messages.map(({ client_message_id }) => client_message_id ?? null),
    messages.map(({ created_at }) => created_at),
    messages.map((message) => wordsOf(message).join(' ')),
  ]);
  const judged = new Map(rows.map((row) => [row.message_id, row]));
  const repeated = messages.filter(({ message_id }) => isRepeated(judged.get(message_id)));
  const earlier = await earlierMessages(sql, repeated);
  return messages.map((message) => outcomeOf(message, judged.get(message.message_id), earlier));
}

/** Whether the sender has used its `client_message_id` before. */
function isRepeated(row: JudgedRow | undefined): boolean {
  return row?.is_blocked === false && !row.is_added;
}

function outcomeOf(
  message: NewStoredMessage,
  row: JudgedRow | undefined,
  earlier: ReadonlyMap<string, StoredMessage>,
): Added {
  if (row === undefined) return { refusal: notFound() };
  if (row.is_blocked) return { refusal: outOfReach() };
  if (row.is_added) {
    const added = toMessage(newlyStored(message));
    const event = chatEvent(added, { id: message.message_id, at: message.created_at });
    return { change: { message: added, event } };
  }
  const found = earlier.get(clientKeyOf(message));
  if (found === undefined)
    return { refusal: new Error('the message was neither stored nor found') };
  return { change: { message: toMessage(found), event: undefined } };
}

async function earlierMessages(
  sql: Sql,
  messages: readonly NewStoredMessage[],
): Promise<ReadonlyMap<string, StoredMessage>> {
  if (messages.length === 0) return new Map();
  const rows = await sql.query<StoredMessage>(
    `SELECT ${messageColumns} FROM chat.messages
     JOIN unnest($1::uuid[], $2::uuid[], $3::text[])
       AS asked (conversation_id, sender_id, client_message_id)
       USING (conversation_id, sender_id, client_message_id)`,
    [
      messages.map(({ conversation_id }) => conversation_id),
      messages.map(({ sender_id }) => sender_id),
      messages.map(({ client_message_id }) => client_message_id ?? null),
    ],
  );
  return new Map(rows.map((row) => [clientKeyOf(row), row]));
}

function clientKeyOf({
  conversation_id,
  sender_id,
  client_message_id,
}: Pick<NewStoredMessage | StoredMessage, 'conversation_id' | 'sender_id' | 'client_message_id'>) {
  return `${conversation_id} ${sender_id} ${client_message_id}`;
}
