import { chatEvent } from '../change-events.ts';
import type { Change, NewStoredMessage } from '../message-store.ts';
import { newlyStored, type StoredMessage, toMessage } from '../stored-message.ts';
import { reserve } from './client-ids.ts';
import { insertEvent } from './events.ts';
import { storeMessage } from './message-rows.ts';
import { findMessage } from './reading.ts';
import type { CassandraTables } from './tables.ts';
import { bucketOfId, timeOfKnown } from './timeuuids.ts';

/** See `MessageStore.add`. */
export async function addMessage(
  tables: CassandraTables,
  message: NewStoredMessage,
): Promise<Change> {
  const { client_message_id: clientId, conversation_id: conversationId } = message;
  if (clientId === undefined) return storeAndLog(tables, message, newlyStored(message));
  const find = (messageId: string): Promise<StoredMessage | undefined> =>
    findMessage(tables, { conversationId, messageId });
  const named = { ...message, client_message_id: clientId };
  const reserved = await reserve(tables.connection, named, find);
  if ('found' in reserved) return { message: toMessage(reserved.found), event: undefined };
  const { messageId: message_id } = reserved;
  const created_at = timeOfKnown(message_id);
  return storeAndLog(tables, message, { ...newlyStored(message), message_id, created_at });
}

async function storeAndLog(
  { connection, buckets }: CassandraTables,
  { message_id: id, created_at: at }: NewStoredMessage,
  stored: StoredMessage,
): Promise<Change> {
  const message = toMessage(stored);
  const event = chatEvent(message, { id, at });
  const bucket = bucketOfId(stored.message_id);
  await buckets.note(stored.conversation_id, bucket);
  await connection.batch([storeMessage(stored), insertEvent(event)], {
    logged: bucket !== bucketOfId(event.eventId),
    writeTimeMs: at.getTime(),
  });
  return { message, event };
}
