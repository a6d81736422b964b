import { randomUUID } from 'node:crypto';
import type { Database, Sql } from '@secureconnect/postgres';
import { type MailPayload, writeTemplate } from './mail/mail-effect.ts';
import { mailRequestLimits } from './mail-limits.ts';
import { countRequestedMail, lockMailRequests, type MailPurpose } from './stores/mail-requests.ts';

/** Whether a mail that is on its way does what a further request of this purpose asks for. */
const isMerged: Readonly<Record<MailPurpose, boolean>> = {
  password_reset: true,
  email_verification: true,
  // It confirms one change, of one account.
  email_change: false,
};

/**
 * Takes a request for a mail to an address, registered or not: the address is looked up when the mail
 * is sent. While a mail is on its way, requests that it answers are merged with it. Returns for how
 * many seconds the address gets no further mail; 0 if it gets one.
 */
export function requestMail(
  database: Database,
  purpose: MailPurpose,
  subject: string,
  payload: MailPayload,
): Promise<number> {
  return database.transaction(
    (sql) => requestMailIn(sql, purpose, subject, payload),
    // The lock of one row orders everything; a flood for one address costs no retries.
    { isolation: 'READ COMMITTED' },
  );
}

/** As `requestMail`, in the caller's transaction. */
export async function requestMailIn(
  sql: Sql,
  purpose: MailPurpose,
  subject: string,
  payload: MailPayload,
): Promise<number> {
  const { mails, secondsLeft, isPending } = await lockMailRequests(sql, purpose, subject);
  if (isPending && isMerged[purpose]) return 0;
  if (mails >= mailRequestLimits.mails) return secondsLeft;
  const key = `${purpose}:${randomUUID()}`;
  const effectId = await writeTemplate(sql, { key, payload });
  if (effectId === undefined) throw new Error('a random key is known');
  await countRequestedMail(sql, purpose, subject, effectId);
  return 0;
}
