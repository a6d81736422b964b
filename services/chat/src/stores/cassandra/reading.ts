import type { Position } from '@secureconnect/service';
import { batchesOf } from '@secureconnect/service';
import { timeOf } from '../../timeuuid.ts';
import type { MessageKey } from '../message-store.ts';
import type { StoredMessage } from '../stored-message.ts';
import { mapBounded } from './bounded.ts';
import { type MessageRow, messageColumns, toStored } from './message-rows.ts';
import type { CassandraTables } from './tables.ts';
import { boundOf, bucketOf, bucketOfId } from './timeuuids.ts';

/** A message, deleted or not. */
export async function findMessage(
  { connection }: CassandraTables,
  { conversationId, messageId }: MessageKey,
): Promise<StoredMessage | undefined> {
  const at = timeOf(messageId);
  if (at === undefined) return undefined;
  const [row] = await connection.query<MessageRow>({
    query: `SELECT ${messageColumns} FROM messages
      WHERE conversation_id = ? AND bucket = ? AND message_id = ?`,
    params: [conversationId, bucketOf(at), messageId],
  });
  return row && toStored(row);
}

/** The number of ids per query; a query reads one partition. */
const idsAtATime = 100;
const queriesAtOnce = 4;

/** The messages of a conversation with these ids, in any order, deleted ones included. */
export async function findMessages(
  { connection }: CassandraTables,
  conversationId: string,
  messageIds: readonly string[],
): Promise<StoredMessage[]> {
  const questions = [...Map.groupBy(messageIds, bucketOfId)].flatMap(([bucket, ids]) =>
    [...batchesOf(ids, idsAtATime)].map((batch) => ({ bucket, batch })),
  );
  const found = await mapBounded(questions, queriesAtOnce, ({ bucket, batch }) =>
    connection.query<MessageRow>({
      query: `SELECT ${messageColumns} FROM messages
        WHERE conversation_id = ? AND bucket = ? AND message_id IN ?`,
      params: [conversationId, bucket, batch],
    }),
  );
  return found.flat().map(toStored);
}

/** Messages of a conversation after a position, newest first. */
export async function messagesAfter(
  { connection, buckets }: CassandraTables,
  conversationId: string,
  after: Position,
  limit: number,
): Promise<StoredMessage[]> {
  const bound = boundOf(after);
  const walk = { conversationId, newest: bucketOfId(bound), limit };
  const rows = await buckets.collect(walk, (bucket, missing) =>
    connection.query<MessageRow>({
      query: `SELECT ${messageColumns} FROM messages
        WHERE conversation_id = ? AND bucket = ? AND message_id < ? LIMIT ?`,
      params: [conversationId, bucket, bound, missing],
    }),
  );
  return rows.map(toStored);
}
