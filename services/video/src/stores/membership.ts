import { isRelationMissing, type Sql, type SqlValue } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';

/**
 * Queries the views of chat and auth. Throws SERVICE_UNAVAILABLE until chat and auth have created
 * them.
 */
export async function queryViews<Row extends object>(
  sql: Sql,
  question: string,
  values: readonly SqlValue[],
): Promise<Row[]> {
  try {
    return await sql.query<Row>(question, values);
  } catch (error) {
    if (!isRelationMissing(error)) throw error;
    throw new ApiError('SERVICE_UNAVAILABLE', 'Conversations are not available yet; retry.', {
      retryAfterSeconds: 5,
    });
  }
}

/** At most `limit` users of a conversation. Reads a view of chat. */
export async function memberIds(
  sql: Sql,
  conversationId: string,
  limit: number,
): Promise<string[]> {
  const rows = await queryViews<{ user_id: string }>(
    sql,
    'SELECT user_id FROM chat.membership WHERE conversation_id = $1 LIMIT $2',
    [conversationId, limit],
  );
  return rows.map((row) => row.user_id);
}

/** Which of these users are in a conversation. */
export async function membersAmong(
  sql: Sql,
  conversationId: string,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await queryViews<{ user_id: string }>(
    sql,
    'SELECT user_id FROM chat.membership WHERE conversation_id = $1 AND user_id = ANY($2::uuid[])',
    [conversationId, userIds],
  );
  return new Set(rows.map((row) => row.user_id));
}

/** Which of these users have blocked `userId`, or are blocked by them. */
export async function outOfReachAmong(
  sql: Sql,
  userId: string,
  among: readonly string[],
): Promise<ReadonlySet<string>> {
  // Two queries, each with its own index.
  const rows = await queryViews<{ user_id: string }>(
    sql,
    `SELECT blocker_id AS user_id FROM auth.blocked_pairs
     WHERE blocked_id = $1 AND blocker_id = ANY($2::uuid[])
     UNION ALL
     SELECT blocked_id FROM auth.blocked_pairs
     WHERE blocker_id = $1 AND blocked_id = ANY($2::uuid[])`,
    [userId, among],
  );
  return new Set(rows.map((row) => row.user_id));
}

/** SQL condition: a conversation, given as SQL, is a direct one with a block. */
export function isOutOfReach(conversationId: string): string {
  // The view has both orders of each pair, so this finds blocks in both directions.
  return `EXISTS (
    SELECT 1 FROM chat.direct_pairs AS pair JOIN auth.blocked_pairs AS block
      ON block.blocker_id = pair.user_id AND block.blocked_id = pair.other_id
    WHERE pair.conversation_id = ${conversationId})`;
}

/** SQL condition: a user is in a conversation; both are given as SQL. */
export function isMember(conversationId: string, userId: string): string {
  return `EXISTS (
    SELECT 1 FROM chat.membership AS member
    WHERE member.conversation_id = ${conversationId} AND member.user_id = ${userId})`;
}

/** The relation of a user to a conversation. */
export interface Standing {
  readonly isMember: boolean;
  /** Whether it is a direct conversation in which one user has blocked the other. */
  readonly isOutOfReach: boolean;
}

export async function standingIn(
  sql: Sql,
  conversationId: string,
  userId: string,
): Promise<Standing> {
  const [row] = await queryViews<{ is_member: boolean; is_out_of_reach: boolean }>(
    sql,
    `SELECT ${isMember('$1::uuid', '$2::uuid')} AS is_member,
       ${isOutOfReach('$1::uuid')} AS is_out_of_reach`,
    [conversationId, userId],
  );
  return { isMember: row?.is_member === true, isOutOfReach: row?.is_out_of_reach === true };
}
