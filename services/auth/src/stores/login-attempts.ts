import type { Sql } from '@secureconnect/postgres';
import { lockout } from '../lockout.ts';

/** A counted attempt, and the failures that it forgives if its password is right. */
export interface CountedAttempt {
  readonly attemptId: string;
  readonly subject: string;
  /** Failures of the subject when this attempt began. */
  readonly earlierFailures: number;
  /** The end of the window of these failures. */
  readonly windowEndsAt: Date;
}

export type Counting =
  | { readonly kind: 'counted'; readonly attempt: CountedAttempt }
  | { readonly kind: 'locked'; readonly forSeconds: number }
  /** Not locked, but as many attempts are being judged as may still fail. */
  | { readonly kind: 'busy' };

/** What counts now: failures of the current window, and attempts with a current lease. */
const failures = 'CASE WHEN f.expires_at > now() THEN f.failures ELSE 0 END';
const inFlight = "CASE WHEN f.in_flight_until > now() THEN f.in_flight ELSE '{}' END";

/**
 * Counts an attempt before it is judged, in one statement, so that never more attempts are being
 * judged than may still fail. Run it outside a transaction, so that concurrent ones wait for the
 * row.
 */
export async function countAttempt(
  sql: Sql,
  subject: string,
  attemptId: string,
): Promise<Counting> {
  const { failures: limit, leaseSeconds } = lockout;
  const [counted] = await sql.query<{ failures: number; expires_at: Date }>(
    `INSERT INTO auth.failed_logins AS f
       (subject, failures, expires_at, in_flight, in_flight_until)
     VALUES ($1, 0, now(), ARRAY[$2::uuid], now() + $3 * interval '1 second')
     ON CONFLICT (subject) DO UPDATE SET
       failures = ${failures},
       in_flight = array_append(${inFlight}, $2::uuid),
       in_flight_until = excluded.in_flight_until
     WHERE ${failures} + coalesce(array_length(${inFlight}, 1), 0) < $4
     RETURNING failures, expires_at`,
    [subject, attemptId, leaseSeconds, limit],
  );
  if (counted === undefined) return whyNotCounted(sql, subject);
  const { failures: known, expires_at: windowEndsAt } = counted;
  const earlierFailures = Number(known);
  return { kind: 'counted', attempt: { attemptId, subject, earlierFailures, windowEndsAt } };
}

async function whyNotCounted(sql: Sql, subject: string): Promise<Counting> {
  const [locked] = await sql.query<{ seconds: number }>(
    `SELECT ceil(extract(epoch FROM expires_at - now()))::int AS seconds
     FROM auth.failed_logins WHERE subject = $1 AND failures >= $2 AND expires_at > now()`,
    [subject, lockout.failures],
  );
  return locked === undefined
    ? { kind: 'busy' }
    : { kind: 'locked', forSeconds: Math.max(1, Number(locked.seconds)) };
}

/**
 * Settles an attempt with a wrong password. The window starts at the first failure; the failure
 * that reaches the limit locks the subject for a further window.
 */
export async function settleAsFailed(sql: Sql, attempt: CountedAttempt): Promise<void> {
  await sql.execute(
    `INSERT INTO auth.failed_logins AS f (subject, failures, expires_at)
     VALUES ($1, 1, now() + $2 * interval '1 second')
     ON CONFLICT (subject) DO UPDATE SET
       failures = CASE WHEN f.expires_at > now() THEN f.failures + 1 ELSE 1 END,
       expires_at = CASE WHEN f.expires_at > now() AND f.failures + 1 < $3
         THEN f.expires_at ELSE excluded.expires_at END,
       in_flight = array_remove(f.in_flight, $4::uuid)`,
    [attempt.subject, lockout.windowSeconds, lockout.failures, attempt.attemptId],
  );
}

/**
 * Settles an attempt with the right password: it no longer counts, and forgives the failures from
 * before it began. Failures since then stay, so that among many concurrent guesses a right one does
 * not make room for others.
 */
export async function settleAsSucceeded(sql: Sql, attempt: CountedAttempt): Promise<void> {
  // Failures of a window that has ended are already forgiven.
  const left = 'CASE WHEN $3 > now() THEN greatest(failures - $4, 0) ELSE failures END';
  await sql.execute(
    `UPDATE auth.failed_logins SET
       failures = ${left},
       expires_at = CASE WHEN ${left} = 0 THEN now() ELSE expires_at END,
       in_flight = array_remove(in_flight, $2::uuid)
     WHERE subject = $1`,
    [attempt.subject, attempt.attemptId, attempt.windowEndsAt, attempt.earlierFailures],
  );
}

/** Withdraws an attempt that was not judged. */
export async function takeBack(sql: Sql, attempt: CountedAttempt): Promise<void> {
  await sql.execute(
    `UPDATE auth.failed_logins SET in_flight = array_remove(in_flight, $2::uuid)
     WHERE subject = $1`,
    [attempt.subject, attempt.attemptId],
  );
}

/** Forgives every failure of a subject; attempts that are being judged stay counted. */
export async function forgiveFailures(sql: Sql, subject: string): Promise<void> {
  const statement =
    'UPDATE auth.failed_logins SET failures = 0, expires_at = now() WHERE subject = $1';
  await sql.execute(statement, [subject]);
}
