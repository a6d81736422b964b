import { ENROLMENT_SECONDS } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';

/** The authenticator app of a user. */
export interface TotpFactor {
  /** Of this enrolment. */
  readonly factorId: string;
  readonly encryptedSecret: Buffer;
  /** Undefined while it waits for its first code. */
  readonly confirmedAt: Date | undefined;
  readonly lastUsedAt: Date | undefined;
}

/** The factor of a user, or the enrolment that has not expired yet. */
export async function findTotpFactor(sql: Sql, userId: string): Promise<TotpFactor | undefined> {
  const [row] = await sql.query<{
    factor_id: string;
    encrypted_secret: Buffer;
    confirmed_at: Date | null;
    last_used_at: Date | null;
  }>(
    `SELECT factor_id, encrypted_secret, confirmed_at, last_used_at FROM auth.totp_factors
     WHERE user_id = $1
       AND (confirmed_at IS NOT NULL OR created_at > now() - $2 * interval '1 second')`,
    [userId, ENROLMENT_SECONDS],
  );
  return (
    row && {
      factorId: row.factor_id,
      encryptedSecret: row.encrypted_secret,
      confirmedAt: row.confirmed_at ?? undefined,
      lastUsedAt: row.last_used_at ?? undefined,
    }
  );
}

/** Whether a sign-in with a password needs a second factor. */
export async function hasSecondFactor(sql: Sql, userId: string): Promise<boolean> {
  const rows = await sql.query(
    'SELECT 1 FROM auth.totp_factors WHERE user_id = $1 AND confirmed_at IS NOT NULL',
    [userId],
  );
  return rows.length > 0;
}

/** Whether the factor was confirmed after a change of the address was requested. */
export async function isConfirmedSince(
  sql: Sql,
  userId: string,
  changeId: string,
): Promise<boolean> {
  const rows = await sql.query(
    `SELECT 1 FROM auth.totp_factors WHERE user_id = $1 AND confirmed_at >=
       (SELECT created_at FROM auth.email_changes WHERE change_id = $2)`,
    [userId, changeId],
  );
  return rows.length > 0;
}

/** Stores an enrolment, in place of one that is not confirmed; false if one is confirmed. */
export async function storeEnrolment(
  sql: Sql,
  userId: string,
  { factorId, encryptedSecret }: Pick<TotpFactor, 'factorId' | 'encryptedSecret'>,
): Promise<boolean> {
  const stored = await sql.execute(
    `INSERT INTO auth.totp_factors AS f (user_id, factor_id, encrypted_secret)
     VALUES ($1, $2, $3)
     ON CONFLICT (user_id) DO UPDATE SET
       factor_id = excluded.factor_id, encrypted_secret = excluded.encrypted_secret,
       created_at = now()
     WHERE f.confirmed_at IS NULL`,
    [userId, factorId, encryptedSecret],
  );
  return stored === 1;
}

/** Holds an enrolment for this transaction; false if it was replaced, confirmed or has expired. */
export async function holdEnrolment(sql: Sql, userId: string, factorId: string): Promise<boolean> {
  const held = await sql.query(
    `SELECT 1 FROM auth.totp_factors
     WHERE user_id = $1 AND factor_id = $2 AND confirmed_at IS NULL
       AND created_at > now() - $3 * interval '1 second' FOR UPDATE`,
    [userId, factorId, ENROLMENT_SECONDS],
  );
  return held.length === 1;
}

/** Confirms the held enrolment by a code of this step. */
export async function confirmEnrolment(sql: Sql, userId: string, step: number): Promise<void> {
  await sql.execute(
    `UPDATE auth.totp_factors SET confirmed_at = now(), last_used_at = now(), last_used_step = $2
     WHERE user_id = $1`,
    [userId, step],
  );
}

/**
 * Accepts a code of this step, once: false for a step that is not newer than the last accepted one,
 * and for a factor that was replaced or removed. Of two transactions that accept the same step, one
 * waits for the row of the other, and gets false.
 */
export async function useStep(
  sql: Sql,
  userId: string,
  { factorId, step }: { readonly factorId: string; readonly step: number },
): Promise<boolean> {
  const used = await sql.execute(
    `UPDATE auth.totp_factors SET last_used_step = $3, last_used_at = now()
     WHERE user_id = $1 AND factor_id = $2 AND confirmed_at IS NOT NULL
       AND (last_used_step IS NULL OR last_used_step < $3)`,
    [userId, factorId, step],
  );
  return used === 1;
}

/** Factors that a different key has encrypted, by user after a user. */
export async function findFactorsOfOtherKeys(
  sql: Sql,
  { currentKeyId, after, limit }: { currentKeyId: Buffer; after: string; limit: number },
): Promise<{ readonly userId: string; readonly encryptedSecret: Buffer }[]> {
  const rows = await sql.query<{ user_id: string; encrypted_secret: Buffer }>(
    `SELECT user_id, encrypted_secret FROM auth.totp_factors
     WHERE user_id > $2 AND substring(encrypted_secret FROM 2 FOR 4) <> $1
     ORDER BY user_id LIMIT $3`,
    [currentKeyId, after, limit],
  );
  return rows.map((row) => ({ userId: row.user_id, encryptedSecret: row.encrypted_secret }));
}

/** Replaces an encrypted secret by the same one under a different key, unless it was replaced. */
export async function replaceEncryptedSecret(
  sql: Sql,
  userId: string,
  { former, next }: { readonly former: Buffer; readonly next: Buffer },
): Promise<void> {
  await sql.execute(
    `UPDATE auth.totp_factors SET encrypted_secret = $3
     WHERE user_id = $1 AND encrypted_secret = $2`,
    [userId, former, next],
  );
}

/** Removes the factor or its enrolment; false if there was no confirmed one. */
export async function deleteTotpFactor(sql: Sql, userId: string): Promise<boolean> {
  const removed = await sql.query<{ confirmed: boolean }>(
    `DELETE FROM auth.totp_factors WHERE user_id = $1
     RETURNING confirmed_at IS NOT NULL AS confirmed`,
    [userId],
  );
  return removed[0]?.confirmed ?? false;
}
