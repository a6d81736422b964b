import type { Sql } from '@secureconnect/postgres';
import { batchesOf } from '@secureconnect/service';

/** So many conversations are asked for at a time. */
const batchSize = 1000;

/** A question for conversations in which something was logged. */
export interface ChangesQuery {
  /** Whose conversations. */
  readonly userId: string;
  /** Only this one; undefined for all. */
  readonly conversationId: string | undefined;
  /** By the clocks of the instances that logged it. */
  readonly since: Date;
  readonly limit: number;
}

/**
 * The conversations that a user takes part in now and in which something was logged since a time,
 * the one last spoken in first.
 */
export async function changedConversationsOf(
  sql: Sql,
  { userId, conversationId, since, limit }: ChangesQuery,
): Promise<string[]> {
  const rows = await sql.query<{ conversation_id: string }>(
    `SELECT conversation_id
     FROM chat.participants JOIN chat.conversations USING (conversation_id)
     WHERE user_id = $1 AND changed_at >= $2 AND conversation_id = coalesce($3, conversation_id)
     ORDER BY active_at DESC LIMIT $4`,
    [userId, since, conversationId ?? null, limit],
  );
  return rows.map((row) => row.conversation_id);
}

/**
 * Those of these conversations in which something was logged since a time, by the clocks of the
 * instances that logged it.
 */
export async function changedConversations(
  sql: Sql,
  conversationIds: Iterable<string>,
  since: Date,
): Promise<string[]> {
  const changed: string[] = [];
  for (const ids of batchesOf(conversationIds, batchSize)) {
    const rows = await sql.query<{ conversation_id: string }>(
      `SELECT conversation_id FROM chat.conversations
       WHERE conversation_id = ANY($1::uuid[]) AND changed_at >= $2`,
      [ids, since],
    );
    changed.push(...rows.map((row) => row.conversation_id));
  }
  return changed;
}
