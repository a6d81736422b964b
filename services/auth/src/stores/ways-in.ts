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

/**
 * Removes the linked sign-ins and passkeys that were added since a change of the address was asked
 * for: the person who asked for it may have added them. Returns how many they were.
 */
export async function deleteWaysInSince(
  sql: Sql,
  userId: string,
  changeId: string,
): Promise<number> {
  const since = '(SELECT created_at FROM auth.email_changes WHERE change_id = $2)';
  const identities = await sql.execute(
    `DELETE FROM auth.linked_identities WHERE user_id = $1 AND linked_at >= ${since}`,
    [userId, changeId],
  );
  const passkeys = await sql.execute(
    `DELETE FROM auth.passkeys WHERE user_id = $1 AND created_at >= ${since}`,
    [userId, changeId],
  );
  return identities + passkeys;
}
