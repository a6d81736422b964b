import type { Sql } from '@secureconnect/postgres';

/** An SQL condition: one of two users has blocked the other. Both arguments are SQL expressions. */
export function eitherBlocked(one: string, other: string): string {
  const blocks = (blocker: string, blocked: string): string =>
    `EXISTS (SELECT 1 FROM auth.blocked_pairs
       WHERE blocker_id = ${blocker} AND blocked_id = ${blocked})`;
  // Two conditions, so that each can use its index.
  return `(${blocks(one, other)} OR ${blocks(other, one)})`;
}

/** Whether one of two users has blocked the other. Reads auth's view. */
export async function isBlockedPair(sql: Sql, one: string, other: string): Promise<boolean> {
  const rows = await sql.query<{ is_blocked: boolean }>(
    `SELECT ${eitherBlocked('$1::uuid', '$2::uuid')} AS is_blocked`,
    [one, other],
  );
  return rows[0]?.is_blocked ?? false;
}

/** A user whose event is about to be sent to a conversation. */
export interface Appearance {
  readonly conversationId: string;
  readonly userId: string;
}

/** The participants of each conversation whom the user has blocked. */
export async function blockedWhere(
  sql: Sql,
  appearances: readonly Appearance[],
): Promise<(Appearance & { readonly blockedId: string })[]> {
  const rows = await sql.query<{ conversation_id: string; user_id: string; blocked_id: string }>(
    `SELECT asked.conversation_id, asked.user_id, blocked_id
     FROM unnest($1::uuid[], $2::uuid[]) AS asked (conversation_id, user_id)
     JOIN auth.blocked_pairs ON blocker_id = asked.user_id
     JOIN chat.participants AS other
       ON other.conversation_id = asked.conversation_id AND other.user_id = blocked_id`,
    [
      appearances.map(({ conversationId }) => conversationId),
      appearances.map(({ userId }) => userId),
    ],
  );
  return rows.map(({ conversation_id, user_id, blocked_id }) => ({
    ...{ conversationId: conversation_id, userId: user_id, blockedId: blocked_id },
  }));
}

/** Which of these users have blocked `userId`. */
export async function blockersOf(
  sql: Sql,
  userId: string,
  among: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ blocker_id: string }>(
    'SELECT blocker_id FROM auth.blocked_pairs WHERE blocked_id = $1 AND blocker_id = ANY($2::uuid[])',
    [userId, among],
  );
  return new Set(rows.map((row) => row.blocker_id));
}
