import type { Sql } from '@secureconnect/postgres';

/** SQLSTATE undefined_table and invalid_schema_name (PostgreSQL, appendix A). */
const noSuchView = new Set(['42P01', '3F000']);

/**
 * Whether a user takes part in a conversation, as chat shows it. Where chat has not made its view
 * yet there are no conversations, and nobody takes part in one.
 */
export async function isMember(sql: Sql, conversationId: string, userId: string): Promise<boolean> {
  try {
    const rows = await sql.query(
      'SELECT user_id FROM chat.membership WHERE conversation_id = $1 AND user_id = $2 LIMIT 1',
      [conversationId, userId],
    );
    return rows.length > 0;
  } catch (error) {
    const state = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (noSuchView.has(state)) return false;
    throw error;
  }
}
