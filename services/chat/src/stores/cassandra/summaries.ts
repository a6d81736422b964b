import { beginning } from '@secureconnect/service';
import { type ReadMark, type Summary, UNREAD_MAX } from '../message-store.ts';
import { toMessage } from '../stored-message.ts';
import { mapBounded } from './bounded.ts';
import { messagesAfter } from './reading.ts';
import type { CassandraTables } from './tables.ts';
import { boundOf, bucketOfId } from './timeuuids.ts';

const conversationsAtOnce = 8;
/** The number of messages counted per query. */
const countedAtATime = 500;

/** See `MessageStore.summaries`. */
export async function summarise(
  tables: CassandraTables,
  userId: string,
  marks: readonly ReadMark[],
): Promise<ReadonlyMap<string, Summary>> {
  const summaries = await mapBounded(marks, conversationsAtOnce, async (mark) => {
    const [newest] = await messagesAfter(tables, mark.conversationId, beginning, 1);
    const isRead = newest === undefined || newest.message_id === mark.readUntil.id;
    const unread = isRead ? 0 : await unreadBy(tables, userId, mark, newest.message_id);
    const summary = { newest: newest && toMessage(newest), unread };
    return [mark.conversationId, summary] as const;
  });
  return new Map(summaries);
}

async function unreadBy(
  tables: CassandraTables,
  userId: string,
  { conversationId, readUntil }: ReadMark,
  newestId: string,
): Promise<number> {
  const mark = boundOf(readUntil);
  const unread = await tables.buckets.collect(
    {
      conversationId,
      newest: bucketOfId(newestId),
      oldest: bucketOfId(mark),
      limit: UNREAD_MAX,
    },
    (bucket, limit) => unreadInBucket(tables, { conversationId, bucket, mark, userId, limit }),
  );
  return unread.length;
}

interface BucketCount {
  readonly conversationId: string;
  readonly bucket: number;
  readonly mark: string;
  readonly userId: string;
  readonly limit: number;
}

interface CountedRow {
  message_id: { toString(): string };
  sender_id: { toString(): string };
  deleted_at: Date | null;
}

/** The rows that count, newest first, until there are `limit` of them. */
async function unreadInBucket(tables: CassandraTables, count: BucketCount): Promise<CountedRow[]> {
  const { conversationId, bucket, mark, userId, limit } = count;
  const unread: CountedRow[] = [];
  let before = boundOf(beginning);
  for (;;) {
    const rows = await tables.connection.query<CountedRow>({
      query: `SELECT message_id, sender_id, deleted_at FROM messages
        WHERE conversation_id = ? AND bucket = ? AND message_id > ? AND message_id < ?
        LIMIT ${countedAtATime}`,
      params: [conversationId, bucket, mark, before],
    });
    const counts = (row: CountedRow) =>
      row.deleted_at === null && row.sender_id.toString() !== userId;
    unread.push(...rows.filter(counts));
    const last = rows.at(-1);
    if (last === undefined || rows.length < countedAtATime || unread.length >= limit) return unread;
    before = last.message_id.toString();
  }
}
