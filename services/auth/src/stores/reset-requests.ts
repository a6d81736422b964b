import type { Sql } from '@secureconnect/postgres';
import { resetLimits } from '../reset-limits.ts';

/** A request that this process has taken upon itself, for as long as its lease. */
export interface ResetRequest {
  readonly subject: string;
  readonly email: string;
  /** This one included. */
  readonly tries: number;
}

/** Longer than a batch of mails may take. */
const leaseSeconds = 120;

/**
 * Writes down that somebody asks for a mail to an address, be there one to send or not. Requests
 * that come before the mail was sent are one. Returns for how many seconds the address has had its
 * mails; 0 when the request was taken.
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

/** Takes requests that are due, oldest first; nobody else has them for the time of the lease. */
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

/** Ends a request that was dealt with. It counts as a mail, also where nobody has the address. */
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

/** Whoever has used a mail may have new ones. */
export async function forgetResetRequests(sql: Sql, subject: string): Promise<void> {
  await sql.execute('DELETE FROM auth.password_reset_requests WHERE subject = $1', [subject]);
}
