import type { CallEndReason } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';

/** Maximum calls per query; the next one finds the rest. */
const maxFound = 500;

/**
 * Takes calls that have ended to count them: each is given to one process, once. A process that
 * dies then does not count them.
 */
export async function takeUncountedCalls(sql: Sql): Promise<CallEndReason[]> {
  const rows = await sql.query<{ end_reason: CallEndReason }>(
    `UPDATE video.calls SET counted = true
     WHERE NOT counted AND call_id IN (
       SELECT call_id FROM video.calls
       WHERE NOT counted AND status NOT IN ('ringing', 'active') LIMIT ${maxFound})
     RETURNING end_reason`,
  );
  return rows.map((row) => row.end_reason);
}

/** The number of calls that ring, and of those that were answered and have not ended. */
export async function liveCallCounts(
  sql: Sql,
): Promise<Readonly<Record<'ringing' | 'active', number>>> {
  const rows = await sql.query<{ status: 'ringing' | 'active'; calls: string }>(
    `SELECT status, count(*)::text AS calls FROM video.calls
     WHERE status IN ('ringing', 'active') GROUP BY status`,
  );
  const counts = { ringing: 0, active: 0 };
  for (const { status, calls } of rows) counts[status] = Number(calls);
  return counts;
}
