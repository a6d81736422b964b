import type { Sql } from '@secureconnect/postgres';

/** SQLSTATE undefined_table and invalid_schema_name (PostgreSQL, appendix A). */
const noSuchView = new Set(['42P01', '3F000']);

/** What a question to chat's views gives, or `otherwise` where chat has not made them yet. */
export async function whereChatIs<Answer>(
  ask: () => Promise<Answer>,
  otherwise: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    const state = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (noSuchView.has(state)) return otherwise();
    throw error;
  }
}

/**
 * Whether a user takes part in a conversation, as chat shows it. Where chat has not made its view
 * yet there are no conversations, and nobody takes part in one.
 */
export async function isMember(sql: Sql, conversationId: string, userId: string): Promise<boolean> {
  const ask = () =>
    sql.query(
      'SELECT user_id FROM chat.membership WHERE conversation_id = $1 AND user_id = $2 LIMIT 1',
      [conversationId, userId],
    );
  return (await whereChatIs(ask, async () => [])).length > 0;
}

/** Whether a conversation is one of two, one of whom has blocked the other. */
export async function isOutOfReach(sql: Sql, conversationId: string): Promise<boolean> {
  // Both orders are in the view, so that either may have blocked.
  const ask = () =>
    sql.query(
      `SELECT pair.user_id FROM chat.direct_pairs AS pair
       JOIN auth.blocked_pairs ON blocker_id = pair.user_id AND blocked_id = pair.other_id
       WHERE pair.conversation_id = $1 LIMIT 1`,
      [conversationId],
    );
  return (await whereChatIs(ask, async () => [])).length > 0;
}
