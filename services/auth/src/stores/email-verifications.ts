import type { Sql } from '@secureconnect/postgres';

export interface NewEmailVerification {
  readonly tokenHash: Buffer;
  readonly codeHash: Buffer;
  readonly userId: string;
  readonly email: string;
  readonly expirySeconds: number;
}

/** Creates a verification; earlier ones stay valid. */
export async function insertEmailVerification(
  sql: Sql,
  { tokenHash, codeHash, userId, email, expirySeconds }: NewEmailVerification,
): Promise<void> {
  await sql.execute(
    `INSERT INTO auth.email_verifications (token_hash, code_hash, user_id, email, expires_at)
     VALUES ($1, $2, $3, $4, now() + $5 * interval '1 second')`,
    [tokenHash, codeHash, userId, email, expirySeconds],
  );
}

/** A verification that is valid. */
export interface LiveVerification {
  readonly tokenHash: Buffer;
  readonly codeHash: Buffer;
  readonly userId: string;
}

/**
 * Counts a try of a code on each valid verification of an address, and returns those that may be
 * compared. One statement, whether or not there are any.
 */
export async function countCodeTry(
  sql: Sql,
  email: string,
  maxTries: number,
): Promise<LiveVerification[]> {
  const rows = await sql.query<{ token_hash: Buffer; code_hash: Buffer; user_id: string }>(
    `UPDATE auth.email_verifications SET code_tries = code_tries + 1
     WHERE email = $1 AND used_at IS NULL AND expires_at > now() AND code_tries < $2
     RETURNING token_hash, code_hash, user_id`,
    [email, maxTries],
  );
  return rows.map((row) => ({
    tokenHash: row.token_hash,
    codeHash: row.code_hash,
    userId: row.user_id,
  }));
}

/**
 * Uses a verification and the others of its user up, and marks the address of the user as verified.
 * Returns the user with the address, or undefined if it is not valid or the user has a different address by now.
 */
export async function useEmailVerification(
  sql: Sql,
  tokenHash: Buffer,
): Promise<{ readonly userId: string; readonly email: string } | undefined> {
  const [used] = await sql.query<{ user_id: string; email: string }>(
    `UPDATE auth.users u SET email_verified_at = now(), updated_at = now()
     FROM auth.email_verifications v
     WHERE v.token_hash = $1 AND v.used_at IS NULL AND v.expires_at > now()
       AND u.user_id = v.user_id AND u.email = v.email RETURNING u.user_id, u.email`,
    [tokenHash],
  );
  if (used === undefined) return undefined;
  await sql.execute(
    'UPDATE auth.email_verifications SET used_at = now() WHERE user_id = $1 AND used_at IS NULL',
    [used.user_id],
  );
  return { userId: used.user_id, email: used.email };
}
