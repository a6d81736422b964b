import type { Sql } from '@secureconnect/postgres';

export interface PasswordReset {
  readonly hash: Buffer;
  readonly userId: string;
  readonly expiresAtMs: number;
}

/** Creates a reset; the user's earlier ones stay valid. */
export async function insertPasswordReset(sql: Sql, reset: PasswordReset): Promise<void> {
  await sql.execute(
    'INSERT INTO auth.password_resets (token_hash, user_id, expires_at) VALUES ($1, $2, $3)',
    [reset.hash, reset.userId, new Date(reset.expiresAtMs)],
  );
}

/** Finds an unused reset. */
export async function findPasswordReset(
  sql: Sql,
  hash: Buffer,
): Promise<PasswordReset | undefined> {
  const rows = await sql.query<{ user_id: string; expires_at: Date }>(
    `SELECT user_id, expires_at FROM auth.password_resets
     WHERE token_hash = $1 AND used_at IS NULL AND expires_at > now()`,
    [hash],
  );
  return rows.map((row) => ({
    hash,
    userId: row.user_id,
    expiresAtMs: row.expires_at.getTime(),
  }))[0];
}

/** Uses up a reset, once. Returns its user, or undefined. */
export async function usePasswordReset(sql: Sql, hash: Buffer): Promise<string | undefined> {
  const rows = await sql.query<{ user_id: string }>(
    `UPDATE auth.password_resets SET used_at = now()
     WHERE token_hash = $1 AND used_at IS NULL AND expires_at > now() RETURNING user_id`,
    [hash],
  );
  return rows[0]?.user_id;
}

/** Uses up the other resets of a user. Returns their hashes. */
export async function endPasswordResetsOf(sql: Sql, userId: string): Promise<Buffer[]> {
  const rows = await sql.query<{ token_hash: Buffer }>(
    `UPDATE auth.password_resets SET used_at = now()
     WHERE user_id = $1 AND used_at IS NULL RETURNING token_hash`,
    [userId],
  );
  return rows.map((row) => row.token_hash);
}
