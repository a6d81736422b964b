import type { Sql } from '@secureconnect/postgres';

/** Requests a deletion, or finds the one under way. Returns when it begins. */
export async function insertDeletion(sql: Sql, userId: string, graceHours: number): Promise<Date> {
  const [row] = await sql.query<{ due_at: Date }>(
    `INSERT INTO auth.account_deletions AS known (user_id, due_at)
     VALUES ($1, now() + $2 * interval '1 hour')
     ON CONFLICT (user_id) DO UPDATE SET due_at = known.due_at RETURNING due_at`,
    [userId, graceHours],
  );
  if (row === undefined) throw new Error('the deletion was not stored');
  return row.due_at;
}

/** Cancels a deletion that has not begun; false if there is none. */
export async function cancelDeletion(sql: Sql, userId: string): Promise<boolean> {
  const cancelled = await sql.execute(
    'DELETE FROM auth.account_deletions WHERE user_id = $1 AND started_at IS NULL',
    [userId],
  );
  return cancelled === 1;
}

/** Begins a deletion that is due; false if it has begun, was cancelled, or is not due. */
export async function beginDeletion(sql: Sql, userId: string): Promise<boolean> {
  const begun = await sql.execute(
    `UPDATE auth.account_deletions SET started_at = now()
     WHERE user_id = $1 AND started_at IS NULL AND due_at <= now()`,
    [userId],
  );
  return begun === 1;
}

/** Deletions that are due and have not begun, the oldest first. */
export async function dueDeletions(sql: Sql, limit: number): Promise<string[]> {
  const rows = await sql.query<{ user_id: string }>(
    `SELECT user_id FROM auth.account_deletions WHERE started_at IS NULL AND due_at <= now()
     ORDER BY due_at LIMIT $1`,
    [limit],
  );
  return rows.map((row) => row.user_id);
}

/** Accounts that every one of these parts has erased, the oldest first. */
export async function erasedElsewhere(
  sql: Sql,
  parts: readonly string[],
  limit: number,
): Promise<string[]> {
  const rows = await sql.query<{ user_id: string }>(
    `SELECT user_id FROM auth.account_deletions AS deletion WHERE started_at IS NOT NULL
       AND (SELECT count(*) FROM auth.erased_parts AS done
         WHERE done.user_id = deletion.user_id AND done.part = ANY($1::text[])) = $2
     ORDER BY started_at LIMIT $3`,
    [[...parts], parts.length, limit],
  );
  return rows.map((row) => row.user_id);
}

/** Deletions that have begun: their number, and the age of the oldest in seconds. */
export async function deletionsUnderWay(
  sql: Sql,
): Promise<{ readonly count: number; readonly oldestSeconds: number }> {
  const [row] = await sql.query<{ count: string; oldest: number | null }>(
    `SELECT count(*) AS count, extract(epoch FROM now() - min(started_at))::float8 AS oldest
     FROM auth.account_deletions WHERE started_at IS NOT NULL`,
  );
  return { count: Number(row?.count ?? 0), oldestSeconds: row?.oldest ?? 0 };
}
