import type { Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { isMember, isOutOfReach } from './stores/membership.ts';

/**
 * Throws NOT_FOUND unless a user takes part in the conversation that a file is shared with, and
 * FORBIDDEN if it is a direct one and one of the two has blocked the other. The same rules apply to
 * messages. Throws SERVICE_UNAVAILABLE until chat has created its views.
 */
export async function requireReach(
  sql: Sql,
  conversationId: string,
  userId: string,
): Promise<void> {
  if (!(await isMember(sql, conversationId, userId))) {
    throw new ApiError('NOT_FOUND', 'There is no such conversation.');
  }
  if (await isOutOfReach(sql, conversationId)) {
    throw new ApiError('FORBIDDEN', 'You and this user cannot reach each other.');
  }
}
