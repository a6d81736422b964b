import type { Sql } from '@secureconnect/postgres';

/** So many conversations are asked for at a time. */
const batchSize = 1000;

/**
 * Those of these conversations in which something was logged since a time, by the clocks of the
 * instances that logged it.
 */
export async function changedConversations(
  sql: Sql,
  conversationIds: readonly string[],
  since: Date,
): Promise<string[]> {
  const changed: string[] = [];
  for (let from = 0; from < conversationIds.length; from += batchSize) {
    const rows = await sql.query<{ conversation_id: string }>(
      `SELECT conversation_id FROM chat.conversations
       WHERE conversation_id = ANY($1::uuid[]) AND changed_at >= $2`,
      [conversationIds.slice(from, from + batchSize), since],
    );
    changed.push(...rows.map((row) => row.conversation_id));
  }
  return changed;
}
