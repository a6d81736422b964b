import type { Sql } from '@secureconnect/postgres';

/** Uses up a recovery code; false if it is unknown or used. */
export async function useRecoveryCode(sql: Sql, userId: string, hash: Buffer): Promise<boolean> {
  const used = await sql.execute(
    'DELETE FROM auth.recovery_codes WHERE user_id = $1 AND code_hash = $2',
    [userId, hash],
  );
  return used === 1;
}

/** Replaces every recovery code of a user; with an empty list, removes them. */
export async function replaceRecoveryCodeHashes(
  sql: Sql,
  userId: string,
  hashes: readonly Buffer[],
): Promise<void> {
  await sql.execute('DELETE FROM auth.recovery_codes WHERE user_id = $1', [userId]);
  for (const hash of hashes) {
    await sql.execute('INSERT INTO auth.recovery_codes (user_id, code_hash) VALUES ($1, $2)', [
      userId,
      hash,
    ]);
  }
}

export async function countRecoveryCodes(sql: Sql, userId: string): Promise<number> {
  const [row] = await sql.query<{ codes: string }>(
    'SELECT count(*) AS codes FROM auth.recovery_codes WHERE user_id = $1',
    [userId],
  );
  return Number(row?.codes ?? 0);
}
