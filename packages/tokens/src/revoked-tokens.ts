import type { Sql } from '@secureconnect/postgres';
import type { Revocation } from './revocation.ts';

/** Maximum revocations held in memory. */
const maxRevocations = 1_000_000;

/** Reads the unexpired revocations from auth's view. Rejects if there are too many. */
export async function unexpiredRevocations(
  sql: Sql,
  max: number = maxRevocations,
): Promise<Revocation[]> {
  const rows = await sql.query<{ id: string; expires_at: Date }>(
    'SELECT id, expires_at FROM auth.revoked_tokens WHERE expires_at > now() LIMIT $1',
    [max + 1],
  );
  if (rows.length > max) {
    throw new Error(`more than ${max} unexpired revocations; lower ACCESS_TOKEN_SECONDS`);
  }
  return rows.map(toRevocation);
}

/** The cutoff before which access tokens are refused, in Unix milliseconds; -Infinity: none. */
export async function tokensNotBeforeMs(sql: Sql): Promise<number> {
  const rows = await sql.query<{ not_before: Date }>(
    'SELECT not_before FROM auth.tokens_not_before',
  );
  return rows[0]?.not_before.getTime() ?? Number.NEGATIVE_INFINITY;
}

/** Whether any of these ids is revoked, according to SQL. */
export async function isRevokedInSql(sql: Sql, ids: readonly string[]): Promise<boolean> {
  const rows = await sql.query<{ id: string }>(
    'SELECT id FROM auth.revoked_tokens WHERE id = ANY($1::uuid[]) AND expires_at > now() LIMIT 1',
    [[...ids]],
  );
  return rows.length > 0;
}

/** The revocations of these ids, according to SQL. */
export async function revocationsAmong(sql: Sql, ids: readonly string[]): Promise<Revocation[]> {
  const rows = await sql.query<{ id: string; expires_at: Date }>(
    'SELECT id, expires_at FROM auth.revoked_tokens WHERE id = ANY($1::uuid[]) AND expires_at > now()',
    [[...ids]],
  );
  return rows.map(toRevocation);
}

function toRevocation(row: { id: string; expires_at: Date }): Revocation {
  return { id: row.id, expiresAtMs: row.expires_at.getTime() };
}
