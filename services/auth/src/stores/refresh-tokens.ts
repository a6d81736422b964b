import type { Sql } from '@secureconnect/postgres';
import type { RefreshToken } from '../refresh-token.ts';

export async function insertRefreshToken(sql: Sql, token: RefreshToken): Promise<void> {
  await sql.execute('INSERT INTO auth.refresh_tokens (token_hash, session_id) VALUES ($1, $2)', [
    token.hash,
    token.sessionId,
  ]);
}

/**
 * Uses a refresh token up, once. `reused` means that it was used before: somebody holds a copy.
 */
export async function useRefreshToken(
  sql: Sql,
  token: RefreshToken,
): Promise<'used' | 'reused' | 'unknown'> {
  const values = [token.hash, token.sessionId];
  const used = await sql.execute(
    `UPDATE auth.refresh_tokens SET used_at = now()
     WHERE token_hash = $1 AND session_id = $2 AND used_at IS NULL`,
    values,
  );
  if (used === 1) return 'used';
  const known = await sql.query(
    'SELECT 1 FROM auth.refresh_tokens WHERE token_hash = $1 AND session_id = $2',
    values,
  );
  return known.length > 0 ? 'reused' : 'unknown';
}
