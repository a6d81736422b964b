import type { Sql } from '@secureconnect/postgres';
import { batchesOf } from '@secureconnect/service';

/** The number of conversations per query. */
const batchSize = 1000;

/** A query for conversations with logged events. */
export interface ChangesQuery {
  /** The user whose conversations are queried. */
  readonly userId: string;
  /** The only conversation to query; undefined for all. */
  readonly conversationId: string | undefined;
  /** By the clocks of the instances that logged it. */
  readonly since: Date;
  readonly limit: number;
}

/** The current conversations of a user with events since a time, the most recently active first. */
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
 * Filters conversations for those with events since a time, by the clocks of the instances that
 * logged them.
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
