import { isRelationMissing, type Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';

/** What a question to chat's views gives. Throws SERVICE_UNAVAILABLE while chat has not made them. */
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

/** Whether a user takes part in a conversation, as chat shows it. */
export async function isMember(sql: Sql, conversationId: string, userId: string): Promise<boolean> {
  const members = await fromChat(() =>
    sql.query(
      'SELECT user_id FROM chat.membership WHERE conversation_id = $1 AND user_id = $2 LIMIT 1',
      [conversationId, userId],
    ),
  );
  return members.length > 0;
}

/** Whether a conversation is one of two, one of whom has blocked the other. */
export async function isOutOfReach(sql: Sql, conversationId: string): Promise<boolean> {
  // Both orders are in the view, so that either may have blocked.
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
