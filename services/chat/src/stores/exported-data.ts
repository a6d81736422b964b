import type { Sql } from '@secureconnect/postgres';
import { type ExportList, type SqlList, sqlList } from '@secureconnect/tokens';

/** The conversations that a user takes part in, or has left. */
const everyConversation = `(SELECT conversation_id FROM chat.participants WHERE user_id = $1
  UNION SELECT conversation_id FROM chat.past_participants WHERE user_id = $1) AS mine`;

const lists: readonly SqlList[] = [
  {
    name: 'conversations',
    columns: `own.conversation_id, type, title, created_by, settings, created_at, updated_at,
      active_at, own.role, own.joined_at, own.read_until, own.read_message_id,
      ARRAY(SELECT other.user_id::text FROM chat.participants AS other
        WHERE other.conversation_id = own.conversation_id ORDER BY other.user_id) AS participants`,
    from: `chat.participants AS own JOIN chat.conversations AS conversation
      ON conversation.conversation_id = own.conversation_id WHERE own.user_id = $1`,
    key: { 'own.conversation_id': 'uuid' },
  },
  {
    name: 'conversations_left',
    columns: 'conversation_id',
    from: 'chat.past_participants WHERE user_id = $1',
    key: { conversation_id: 'uuid' },
  },
  {
    name: 'pins',
    columns: 'conversation_id, message_id, pinned_at',
    from: `chat.pins JOIN ${everyConversation} USING (conversation_id) WHERE pinned_by = $1`,
    key: { conversation_id: 'uuid', message_id: 'uuid' },
  },
  {
    name: 'forwarded_files',
    columns: 'conversation_id, message_id, file_id, from_conversation_id',
    from: `chat.file_forwards JOIN ${everyConversation} USING (conversation_id)
      WHERE forwarded_by = $1`,
    key: { conversation_id: 'uuid', message_id: 'uuid' },
  },
];

/** What chat's tables have of a user, apart from messages. */
export function conversationLists(sql: Sql, userId: string): readonly ExportList[] {
  return lists.map((list) => sqlList(sql, userId, list));
}

const pageSize = 500;

/** The ids of all conversations that a user takes part in, or has left. */
export async function* everyConversationOf(sql: Sql, userId: string): AsyncGenerator<string> {
  for (let after: string | null = null; ; ) {
    const rows: { conversation_id: string }[] = await sql.query(
      `SELECT conversation_id FROM ${everyConversation}
       WHERE $2::uuid IS NULL OR conversation_id > $2 ORDER BY conversation_id LIMIT $3`,
      [userId, after, pageSize],
    );
    for (const row of rows) yield row.conversation_id;
    after = rows.at(-1)?.conversation_id ?? null;
    if (rows.length < pageSize) return;
  }
}
