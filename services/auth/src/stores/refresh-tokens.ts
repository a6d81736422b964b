import type { Sql } from '@secureconnect/postgres';
import type { RefreshToken } from '../refresh-token.ts';

/** The result of presenting a refresh token. */
export type RefreshTokenUse =
  | { readonly kind: 'first' }
  /** Used a moment ago, so its reply may have been lost. The salt is that of its first use. */
  | { readonly kind: 'again'; readonly salt: Buffer }
  /** Used before, so somebody has a copy. */
  | { readonly kind: 'reused' }
  | { readonly kind: 'unknown' };

export async function insertRefreshToken(sql: Sql, token: RefreshToken): Promise<void> {
  await sql.execute('INSERT INTO auth.refresh_tokens (token_hash, session_id) VALUES ($1, $2)', [
    token.hash,
    token.sessionId,
  ]);
}

/**
 * Uses up a refresh token, once.
 * @param salt for deriving the next token; stored if this is the first use
 */
export async function useRefreshToken(
  sql: Sql,
  token: RefreshToken,
  salt: Buffer,
  leewaySeconds: number,
): Promise<RefreshTokenUse> {
  const used = await sql.execute(
    `UPDATE auth.refresh_tokens SET used_at = now(), next_salt = $3
     WHERE token_hash = $1 AND session_id = $2 AND used_at IS NULL`,
    [token.hash, token.sessionId, salt],
  );
  if (used === 1) return { kind: 'first' };
  const [known] = await sql.query<{ next_salt: Buffer | null; lately: boolean }>(
    `SELECT next_salt, used_at > now() - $3 * interval '1 second' AS lately
     FROM auth.refresh_tokens WHERE token_hash = $1 AND session_id = $2`,
    [token.hash, token.sessionId, leewaySeconds],
  );
  if (known === undefined) return { kind: 'unknown' };
  const { next_salt: firstSalt, lately } = known;
  return lately && firstSalt !== null ? { kind: 'again', salt: firstSalt } : { kind: 'reused' };
}

export async function isRefreshTokenUnused(sql: Sql, token: RefreshToken): Promise<boolean> {
  const rows = await sql.query(
    `SELECT 1 FROM auth.refresh_tokens
     WHERE token_hash = $1 AND session_id = $2 AND used_at IS NULL`,
    [token.hash, token.sessionId],
  );
  return rows.length > 0;
}
