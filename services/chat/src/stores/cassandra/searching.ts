import type { Position } from '@secureconnect/service';
import type { StoredMessage } from '../stored-message.ts';
import { mapBounded } from './bounded.ts';
import { type MessageRow, messageColumns, toStored } from './message-rows.ts';
import type { CassandraTables } from './tables.ts';
import { boundOf, bucketOfId, sortKey } from './timeuuids.ts';

const conversationsAtOnce = 8;

/**
 * See `MessageStore.search`. Each conversation is read until it has returned `limit` messages or is
 * exhausted. The result is complete; a rare word in a long history costs a read per day.
 */
export async function messagesWith(
  tables: CassandraTables,
  conversationIds: readonly string[],
  words: readonly string[],
  after: Position,
  limit: number,
): Promise<StoredMessage[]> {
  const bound = boundOf(after);
  const found = await mapBounded(conversationIds, conversationsAtOnce, (conversationId) => {
    const walk = { conversationId, newest: bucketOfId(bound), limit };
    return tables.buckets.collect(walk, (bucket, missing) =>
      inBucket(tables, { conversationId, bucket, words, bound, limit: missing }),
    );
  });
  return found
    .flat()
    .map((message) => ({ message, key: sortKey(message.message_id) }))
    .sort((one, other) => (one.key < other.key ? 1 : -1))
    .slice(0, limit)
    .map(({ message }) => message);
}

interface BucketSearch {
  readonly conversationId: string;
  readonly bucket: number;
  readonly words: readonly string[];
  readonly bound: string;
  readonly limit: number;
}

async function inBucket(tables: CassandraTables, search: BucketSearch): Promise<StoredMessage[]> {
  const { conversationId, bucket, words, limit } = search;
  const contained = words.map(() => ' AND words CONTAINS ?').join('');
  const query = `SELECT ${messageColumns} FROM messages
    WHERE conversation_id = ? AND bucket = ?${contained} AND message_id < ? LIMIT ?`;
  const found: StoredMessage[] = [];
  let { bound } = search;
  for (;;) {
    const params = [conversationId, bucket, ...words, bound, limit];
    const rows = await tables.connection.query<MessageRow>({ query, params });
    const messages = rows.map(toStored);
    // A deleted message may have words from an edit that raced with its deletion.
    found.push(...messages.filter((message) => message.deleted_at === null));
    const last = messages.at(-1);
    if (last === undefined || messages.length < limit || found.length >= limit) return found;
    bound = last.message_id;
  }
}
