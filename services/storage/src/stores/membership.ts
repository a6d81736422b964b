import { isRelationMissing, type Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';

/** Queries chat's views. Throws SERVICE_UNAVAILABLE until chat has created them. */
export async function fromChat<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (!isRelationMissing(error)) throw error;
    throw new ApiError('SERVICE_UNAVAILABLE', 'Conversations are not available yet; retry.', {
      retryAfterSeconds: 5,
    });
  }
}

/** Whether a user takes part in a conversation. Reads a view of chat. */
export async function isMember(sql: Sql, conversationId: string, userId: string): Promise<boolean> {
  const members = await fromChat(() =>
    sql.query(
      'SELECT user_id FROM chat.membership WHERE conversation_id = $1 AND user_id = $2 LIMIT 1',
      [conversationId, userId],
    ),
  );
  return members.length > 0;
}

/** Whether a conversation is a direct one in which one user has blocked the other. */
export async function isOutOfReach(sql: Sql, conversationId: string): Promise<boolean> {
  // The view has both orders of each pair, so this finds blocks in both directions.
  const blocked = await fromChat(() =>
    sql.query(
      `SELECT pair.user_id FROM chat.direct_pairs AS pair
       JOIN auth.blocked_pairs ON blocker_id = pair.user_id AND blocked_id = pair.other_id
       WHERE pair.conversation_id = $1 LIMIT 1`,
      [conversationId],
    ),
  );
  return blocked.length > 0;
}
