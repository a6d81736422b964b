import type { Sql } from '@secureconnect/postgres';
import { resetLimits } from '../reset-limits.ts';

/** A request that this process has leased. */
export interface ResetRequest {
  readonly subject: string;
  readonly email: string;
  /** The number of tries, including this one. */
  readonly tries: number;
}

/** Longer than the maximum duration of a batch of mails. */
const leaseSeconds = 120;

/**
 * Stores a request for a mail to an address, registered or not. Requests before the mail is sent
 * are merged. Returns for how many seconds the address gets no further mail; 0 if the request was
 * stored.
 */
export async function insertResetRequest(
  sql: Sql,
  subject: string,
  email: string,
): Promise<number> {
  const taken = await sql.execute(
    `INSERT INTO auth.password_reset_requests AS r (subject, email, due_at, expires_at)
     VALUES ($1, $2, now(), now() + $3 * interval '1 second')
     ON CONFLICT (subject) DO UPDATE SET
       email = excluded.email,
       due_at = CASE WHEN r.email IS NULL THEN excluded.due_at ELSE r.due_at END,
       mails = CASE WHEN r.expires_at > now() THEN r.mails ELSE 0 END,
       expires_at = CASE WHEN r.expires_at > now() THEN r.expires_at ELSE excluded.expires_at END
     WHERE r.expires_at <= now() OR r.mails < $4`,
    [subject, email, resetLimits.windowSeconds, resetLimits.mails],
  );
  return taken === 1 ? 0 : secondsOfWindowLeft(sql, subject);
}

async function secondsOfWindowLeft(sql: Sql, subject: string): Promise<number> {
  const [row] = await sql.query<{ seconds: number }>(
    `SELECT ceil(extract(epoch FROM expires_at - now()))::int AS seconds
     FROM auth.password_reset_requests WHERE subject = $1`,
    [subject],
  );
  return Math.max(0, Number(row?.seconds ?? 0));
}

/** Leases due requests, oldest first. */
export function takeDueRequests(sql: Sql, maxRequests: number): Promise<ResetRequest[]> {
  return sql.query<{ subject: string; email: string; tries: number }>(
    `UPDATE auth.password_reset_requests
     SET due_at = now() + $1 * interval '1 second', tries = tries + 1
     WHERE subject IN (
       SELECT subject FROM auth.password_reset_requests
       WHERE email IS NOT NULL AND due_at <= now()
       ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING subject, email, tries`,
    [leaseSeconds, maxRequests],
  );
}

/** Ends a processed request. It counts as a mail, even if the address is not registered. */
export async function finishResetRequest(sql: Sql, subject: string): Promise<void> {
  await sql.execute(
    `UPDATE auth.password_reset_requests SET email = NULL, tries = 0, mails = mails + 1
     WHERE subject = $1`,
    [subject],
  );
}

export async function postponeResetRequest(
  sql: Sql,
  subject: string,
  seconds: number,
): Promise<void> {
  await sql.execute(
    `UPDATE auth.password_reset_requests SET due_at = now() + $2 * interval '1 second'
     WHERE subject = $1`,
    [subject, seconds],
  );
}

/** After a reset was used, the address may get new mails. */
export async function forgetResetRequests(sql: Sql, subject: string): Promise<void> {
  await sql.execute('DELETE FROM auth.password_reset_requests WHERE subject = $1', [subject]);
}
