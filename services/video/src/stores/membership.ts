import type { Sql } from '@secureconnect/postgres';

/** At most `limit` users of a conversation. Reads the view that chat shows. */
export async function memberIds(
  sql: Sql,
  conversationId: string,
  limit: number,
): Promise<string[]> {
  const rows = await sql.query<{ user_id: string }>(
    'SELECT user_id FROM chat.membership WHERE conversation_id = $1 LIMIT $2',
    [conversationId, limit],
  );
  return rows.map((row) => row.user_id);
}

/** Which of these users are in a conversation. */
export async function membersAmong(
  sql: Sql,
  conversationId: string,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ user_id: string }>(
    'SELECT user_id FROM chat.membership WHERE conversation_id = $1 AND user_id = ANY($2::uuid[])',
    [conversationId, userIds],
  );
  return new Set(rows.map((row) => row.user_id));
}
