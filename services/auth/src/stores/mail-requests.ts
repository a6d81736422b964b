import type { Sql } from '@secureconnect/postgres';
import { mailRequestLimits } from '../mail-limits.ts';

/** What a requested mail is for; each purpose has its own limit. */
export type MailPurpose = 'password_reset' | 'email_verification' | 'email_change';

export interface MailRequests {
  /** Mails requested in the current window. */
  readonly mails: number;
  /** Until the window ends. */
  readonly secondsLeft: number;
  /** Whether the last of them is on its way. */
  readonly isPending: boolean;
}

/** The mails that an address requested, registered or not. Locks them for this transaction. */
export async function lockMailRequests(
  sql: Sql,
  purpose: MailPurpose,
  subject: string,
): Promise<MailRequests> {
  const { windowSeconds } = mailRequestLimits;
  await sql.execute(
    `INSERT INTO auth.mail_requests AS r (purpose, subject, mails, expires_at)
     VALUES ($1, $2, 0, now() + $3 * interval '1 second')
     ON CONFLICT (purpose, subject) DO UPDATE SET
       mails = CASE WHEN r.expires_at > now() THEN r.mails ELSE 0 END,
       expires_at = CASE WHEN r.expires_at > now() THEN r.expires_at ELSE excluded.expires_at END`,
    [purpose, subject, windowSeconds],
  );
  const [row] = await sql.query<{ mails: number; seconds_left: number; is_pending: boolean }>(
    `SELECT r.mails, ceil(extract(epoch FROM r.expires_at - now()))::int AS seconds_left,
       EXISTS (SELECT 1 FROM auth.outbox o
         WHERE o.effect_id = r.effect_id AND o.state = 'pending') AS is_pending
     FROM auth.mail_requests r WHERE r.purpose = $1 AND r.subject = $2`,
    [purpose, subject],
  );
  if (row === undefined) throw new Error('the mail requests were not stored');
  return {
    mails: Number(row.mails),
    secondsLeft: Math.max(1, Number(row.seconds_left)),
    isPending: row.is_pending,
  };
}

/** Counts a mail. It counts even if nobody has the address. */
export async function countRequestedMail(
  sql: Sql,
  purpose: MailPurpose,
  subject: string,
  effectId: string,
): Promise<void> {
  await sql.execute(
    `UPDATE auth.mail_requests SET mails = mails + 1, effect_id = $3
     WHERE purpose = $1 AND subject = $2`,
    [purpose, subject, effectId],
  );
}

/** After a mail was used, the address may get new ones. */
export async function forgetMailRequests(
  sql: Sql,
  purpose: MailPurpose,
  subject: string,
): Promise<void> {
  await sql.execute('DELETE FROM auth.mail_requests WHERE purpose = $1 AND subject = $2', [
    purpose,
    subject,
  ]);
}
