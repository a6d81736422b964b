import type { MessageType } from '@secureconnect/contracts';
import { wordsOf } from '../../search-words.ts';
import type { StoredMessage } from '../stored-message.ts';
import type { Statement } from './connection.ts';
import { bucketOfId, sortKey, timeOfKnown } from './timeuuids.ts';

/** A row of `messages` as the driver returns it. */
export interface MessageRow {
  conversation_id: { toString(): string };
  message_id: { toString(): string };
  sender_id: { toString(): string };
  content: string;
  is_encrypted: boolean;
  message_type: MessageType;
  metadata: string;
  client_message_id: string | null;
  edited_at: Date | null;
  deleted_at: Date | null;
  /** By `<emoji> <user_id>`, the timeuuid of when it was set. */
  reactions: Record<string, { toString(): string }> | null;
}

export const messageColumns =
  'conversation_id, message_id, sender_id, content, is_encrypted, message_type, metadata, ' +
  'client_message_id, edited_at, deleted_at, reactions';

/** The time of a message is that of its id. */
export function toStored(row: MessageRow): StoredMessage {
  const id = row.message_id.toString();
  return {
    message_id: id,
    conversation_id: row.conversation_id.toString(),
    sender_id: row.sender_id.toString(),
    content: row.content,
    is_encrypted: row.is_encrypted,
    message_type: row.message_type,
    metadata: JSON.parse(row.metadata) as Record<string, unknown>,
    client_message_id: row.client_message_id,
    created_at: timeOfKnown(id),
    edited_at: row.edited_at,
    deleted_at: row.deleted_at,
    reactions: inOrderOfTime(row.reactions ?? {}),
  };
}

function inOrderOfTime(reactions: Record<string, { toString(): string }>): string[] {
  return Object.entries(reactions)
    .map(([entry, setBy]) => ({ entry, key: sortKey(setBy.toString()) }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ entry }) => entry);
}

/**
 * Stores a new message. It uses UPDATE, which in Cassandra also creates a row, because an INSERT of
 * the words would write a tombstone for earlier ones.
 */
export function storeMessage(message: StoredMessage): Statement {
  const words = wordsOf(message);
  return {
    query: `UPDATE messages SET sender_id = ?, content = ?, is_encrypted = ?, message_type = ?,
        metadata = ?, client_message_id = ?, words = words + ?
      WHERE conversation_id = ? AND bucket = ? AND message_id = ?`,
    params: [
      message.sender_id,
      message.content,
      message.is_encrypted,
      message.message_type,
      JSON.stringify(message.metadata),
      message.client_message_id ?? undefined,
      words.length === 0 ? undefined : words,
      message.conversation_id,
      bucketOfId(message.message_id),
      message.message_id,
    ],
  };
}
