import type { Sql } from '@secureconnect/postgres';

/**
 * How many ways a user has to sign in: a password, each linked sign-in, each passkey. Hold the
 * account in the same transaction, so that two removals cannot take the last two.
 */
export async function countWaysIn(sql: Sql, userId: string): Promise<number> {
  const [row] = await sql.query<{ count: string }>(
    `SELECT (SELECT count(*) FROM auth.users WHERE user_id = $1 AND password_hash IS NOT NULL)
       + (SELECT count(*) FROM auth.linked_identities WHERE user_id = $1)
       + (SELECT count(*) FROM auth.passkeys WHERE user_id = $1) AS count`,
    [userId],
  );
  return Number(row?.count ?? 0);
}
