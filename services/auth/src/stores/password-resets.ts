import type { Sql } from '@secureconnect/postgres';

export interface PasswordReset {
  readonly hash: Buffer;
  readonly userId: string;
  readonly expiresAtMs: number;
}

/** Makes a reset and uses up the user's earlier ones: only the newest mail works. */
export async function insertPasswordReset(sql: Sql, reset: PasswordReset): Promise<void> {
  await sql.execute(
    'UPDATE auth.password_resets SET used_at = now() WHERE user_id = $1 AND used_at IS NULL',
    [reset.userId],
  );
  await sql.execute(
    'INSERT INTO auth.password_resets (token_hash, user_id, expires_at) VALUES ($1, $2, $3)',
    [reset.hash, reset.userId, new Date(reset.expiresAtMs)],
  );
}

/** The user whom an unused reset is for. */
export async function findPasswordReset(sql: Sql, hash: Buffer): Promise<string | undefined> {
  const rows = await sql.query<{ user_id: string }>(
    `SELECT user_id FROM auth.password_resets
     WHERE token_hash = $1 AND used_at IS NULL AND expires_at > now()`,
    [hash],
  );
  return rows[0]?.user_id;
}

/** Uses a reset up, once; the user it is for, or undefined. */
export async function usePasswordReset(sql: Sql, hash: Buffer): Promise<string | undefined> {
  const rows = await sql.query<{ user_id: string }>(
    `UPDATE auth.password_resets SET used_at = now()
     WHERE token_hash = $1 AND used_at IS NULL AND expires_at > now() RETURNING user_id`,
    [hash],
  );
  return rows[0]?.user_id;
}
