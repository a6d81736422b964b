import type { Sql } from '@secureconnect/postgres';
import { lockout } from '../lockout.ts';

export interface FailedLoginCount {
  readonly subject: string;
  readonly failures: number;
  readonly expiresAtMs: number;
}

/**
 * Counts one failure of a subject. The window runs from the first failure; the one that reaches
 * the limit locks for a whole window more.
 */
export async function recordFailedLogin(sql: Sql, subject: string): Promise<void> {
  await sql.execute(
    `INSERT INTO auth.failed_logins AS f (subject, failures, expires_at)
     VALUES ($1, 1, now() + $2 * interval '1 second')
     ON CONFLICT (subject) DO UPDATE SET
       failures = CASE WHEN f.expires_at > now() THEN f.failures + 1 ELSE 1 END,
       expires_at = CASE WHEN f.expires_at > now() AND f.failures + 1 < $3
         THEN f.expires_at ELSE excluded.expires_at END`,
    [subject, lockout.windowSeconds, lockout.failures],
  );
}

export async function clearFailedLogins(sql: Sql, subject: string): Promise<void> {
  await sql.execute('DELETE FROM auth.failed_logins WHERE subject = $1', [subject]);
}

/** Every count that has not ended, for publishing it again. */
export async function unexpiredFailedLogins(sql: Sql): Promise<FailedLoginCount[]> {
  const rows = await sql.query<{ subject: string; failures: number; expires_at: Date }>(
    `SELECT subject, failures, expires_at FROM auth.failed_logins WHERE expires_at > now()
     ORDER BY failures DESC LIMIT 100000`,
  );
  return rows.map(({ subject, failures, expires_at }) => ({
    subject,
    failures: Number(failures),
    expiresAtMs: expires_at.getTime(),
  }));
}
