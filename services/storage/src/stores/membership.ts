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
