import type { Sql } from '@secureconnect/postgres';
import type { Revocation } from '@secureconnect/tokens';

export type RevocationReason =
  | 'logout'
  | 'refresh token reused'
  | 'password reset'
  | 'password changed'
  | 'e-mail change undone'
  | 'account deleted'
  | 'ended by its user'
  | 'ended by the operator'
  | 'ended by an administrator'
  | 'disabled by an administrator';

/** Stores revocations; for the same id the latest end wins. */
export async function insertRevocations(
  sql: Sql,
  revocations: readonly Revocation[],
  reason: RevocationReason,
): Promise<void> {
  for (const { id, expiresAtMs } of revocations) {
    await sql.execute(
      `INSERT INTO auth.revocations (id, expires_at, reason) VALUES ($1, $2, $3)
       ON CONFLICT (id) DO UPDATE
       SET expires_at = greatest(auth.revocations.expires_at, excluded.expires_at)`,
      [id, new Date(expiresAtMs), reason],
    );
  }
}
