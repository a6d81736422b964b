import type { Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { isMember, isOutOfReach } from './stores/membership.ts';

/**
 * Throws NOT_FOUND unless a user takes part in a conversation, to which a file is to go, and FORBIDDEN
 * where that is a direct one and one of the two has blocked the other: files go where messages may.
 * Throws SERVICE_UNAVAILABLE while chat has no conversations to show.
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
