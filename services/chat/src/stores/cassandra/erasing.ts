import { EVENTS_KEPT_SECONDS } from '../message-store.ts';
import type { Statement } from './connection.ts';
import { messagesAfter } from './reading.ts';
import type { CassandraTables } from './tables.ts';
import { bucketOf, bucketOfId } from './timeuuids.ts';

const pageSize = 200;
/** The maximum by which a different instance's clock may be ahead. */
const clockSkewMs = 3_600_000;

/** See `MessageStore.eraseUser`. */
export async function eraseUserFrom(
  tables: CassandraTables,
  conversationId: string,
  userId: string,
): Promise<string[]> {
  const erased: string[] = [];
  let after = {
    at: new Date(Date.now() + clockSkewMs),
    id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  };
  for (;;) {
    const messages = await messagesAfter(tables, conversationId, after, pageSize);
    for (const { message_id: id, sender_id, client_message_id: clientId, reactions } of messages) {
      const key = [conversationId, bucketOfId(id), id];
      if (sender_id === userId) {
        const statements: Statement[] = [
          {
            query:
              'DELETE FROM messages WHERE conversation_id = ? AND bucket = ? AND message_id = ?',
            params: key,
          },
        ];
        if (clientId !== null) {
          statements.push({
            query: `DELETE FROM client_messages
              WHERE conversation_id = ? AND sender_id = ? AND client_message_id = ?`,
            params: [conversationId, userId, clientId],
          });
        }
        await eraseNow(tables, statements);
        erased.push(id);
        continue;
      }
      const own = reactions.filter((entry) => entry.endsWith(` ${userId}`));
      if (own.length === 0) continue;
      const query = `UPDATE messages SET reactions = reactions - ?
        WHERE conversation_id = ? AND bucket = ? AND message_id = ?`;
      await eraseNow(tables, [{ query, params: [own, ...key] }]);
    }
    const last = messages.at(-1);
    if (last === undefined || messages.length < pageSize) break;
    after = { at: last.created_at, id: last.message_id };
  }
  await eraseEvents(tables, conversationId, userId);
  return erased;
}

interface EventRow {
  event_id: { toString(): string };
  from_user: { toString(): string };
  data: string;
}

/** Expired days have no entries. */
async function eraseEvents(
  tables: CassandraTables,
  conversationId: string,
  userId: string,
): Promise<void> {
  const now = Date.now();
  const first = bucketOf(new Date(now - EVENTS_KEPT_SECONDS * 1000));
  const last = bucketOf(new Date(now + clockSkewMs));
  for (let bucket = first; bucket <= last; bucket += 1) {
    const rows = await tables.connection.query<EventRow>({
      query:
        'SELECT event_id, from_user, data FROM events WHERE conversation_id = ? AND bucket = ?',
      params: [conversationId, bucket],
    });
    for (const row of rows) {
      if (row.from_user.toString() !== userId && !row.data.includes(userId)) continue;
      await eraseNow(tables, [
        {
          query: 'DELETE FROM events WHERE conversation_id = ? AND bucket = ? AND event_id = ?',
          params: [conversationId, bucket, row.event_id.toString()],
        },
      ]);
    }
  }
}

/** Later than any write that was read, whose writer's clock may be ahead of ours. */
function eraseNow({ connection }: CassandraTables, statements: Statement[]): Promise<void> {
  const writeTimeMs = Date.now() + clockSkewMs;
  return connection.batch(statements, { logged: statements.length > 1, writeTimeMs });
}
