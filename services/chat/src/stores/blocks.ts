import type { Sql } from '@secureconnect/postgres';

/** SQL that says whether one of two users has blocked the other; both are given as SQL. */
export function eitherBlocked(one: string, other: string): string {
  const blocks = (blocker: string, blocked: string): string =>
    `EXISTS (SELECT 1 FROM auth.blocked_pairs
       WHERE blocker_id = ${blocker} AND blocked_id = ${blocked})`;
  // Two questions, each of which its index answers.
  return `(${blocks(one, other)} OR ${blocks(other, one)})`;
}

/** Whether one of two users has blocked the other. Reads the view that auth shows. */
export async function isBlockedPair(sql: Sql, one: string, other: string): Promise<boolean> {
  const rows = await sql.query<{ is_blocked: boolean }>(
    `SELECT ${eitherBlocked('$1::uuid', '$2::uuid')} AS is_blocked`,
    [one, other],
  );
  return rows[0]?.is_blocked ?? false;
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
