import type { Database } from '@secureconnect/postgres';
import type { PayloadOf } from '../mail/mail-effect.ts';
import type { ComposedMail } from '../mail/mailer.ts';
import { hashOf, newSecret } from '../secrets.ts';
import { findEmailChange, insertChangeToken } from '../stores/email-changes.ts';
import { findAccount, findAccountByEmail } from '../stores/users.ts';
import { linkLine } from './account-link.ts';

interface ChangeMailDeps {
  readonly database: Database;
  readonly accountUrl: string | undefined;
}

/**
 * Composes the mail that asks a new address to confirm. Undefined if the change can no longer be
 * confirmed, or the address has an account.
 */
export async function composeChangeMail(
  { database, accountUrl }: ChangeMailDeps,
  { change_id: changeId }: PayloadOf<'email_change'>,
): Promise<ComposedMail | undefined> {
  const change = await findEmailChange(database, changeId, 'confirm');
  if (change === undefined) return undefined;
  if ((await findAccountByEmail(database, change.newEmail)) !== undefined) return undefined;
  const { user } = await findAccount(database, change.userId);
  const secret = newSecret();
  await insertChangeToken(database, hashOf(secret), changeId, 'confirm');
  const text = [
    `The SecureConnect user ${user.username} asked to use this e-mail address.`,
    'Confirm it within a day:',
    '',
    linkLine(accountUrl, 'confirm-email', secret),
    '',
    'If it was not you, ignore this mail; nothing changes.',
  ].join('\n');
  return { to: change.newEmail, subject: 'Confirm your new e-mail address', text };
}

/** Composes the mail that tells the old address of a change. Undefined once it cannot be undone. */
export async function composeChangedMail(
  { database, accountUrl }: ChangeMailDeps,
  { change_id: changeId }: PayloadOf<'email_changed'>,
): Promise<ComposedMail | undefined> {
  const change = await findEmailChange(database, changeId, 'undo');
  if (change === undefined) return undefined;
  const secret = newSecret();
  await insertChangeToken(database, hashOf(secret), changeId, 'undo');
  const text = [
    'The e-mail address of your SecureConnect account was changed.',
    'If it was not you, undo it within a week.',
    'That also ends every session of the account:',
    '',
    linkLine(accountUrl, 'undo-email-change', secret),
  ].join('\n');
  return { to: change.oldEmail, subject: 'Your e-mail address was changed', text };
}
