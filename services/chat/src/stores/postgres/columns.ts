import type { SqlValue } from '@secureconnect/postgres';
import { entryOf } from '../log-entries.ts';
import type { StoredEvent } from '../message-store.ts';

/** The columns of chat.messages, by name as in `StoredMessage`. */
export const messageColumns =
  'message_id, conversation_id, sender_id, content, is_encrypted, message_type, metadata, ' +
  'client_message_id, created_at, edited_at, deleted_at, reactions';

/** The columns of chat.events, in the order of `eventValues`. */
export const eventColumns = 'conversation_id, event_id, at, type, from_user, data';

export function eventValues(event: StoredEvent): SqlValue[] {
  const { conversationId, eventId, at, type, from, data } = entryOf(event);
  return [conversationId, eventId, at, type, from, JSON.stringify(data)];
}

/** The typed parameters of `eventValues` in a SELECT: `first` to `first + 5`. */
export function eventParameters(first: number): string {
  const types = ['uuid', 'uuid', 'timestamptz', 'text', 'uuid', 'jsonb'];
  return types.map((type, index) => `$${first + index}::${type}`).join(', ');
}
