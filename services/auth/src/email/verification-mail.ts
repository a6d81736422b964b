import type { Database } from '@secureconnect/postgres';
import type { PayloadOf } from '../mail/mail-effect.ts';
import type { ComposedMail } from '../mail/mailer.ts';
import { hashOf, newSecret } from '../secrets.ts';
import { insertEmailVerification } from '../stores/email-verifications.ts';
import { type Account, findAccountByEmail } from '../stores/users.ts';
import { linkLine } from './account-link.ts';
import { type CodeHash, newVerificationCode } from './verification-code.ts';
import { verificationLimits } from './verification-limits.ts';

export interface VerificationMailDeps {
  readonly database: Database;
  readonly codeHash: CodeHash;
  /** The page of the client that handles the links of mails, if there is one. */
  readonly accountUrl: string | undefined;
}

/**
 * Composes the mail that verifies an address; undefined if nobody has it, or it is verified: then a
 * registration is told to its owner. Each try has its own token and code, because only hashes are
 * stored.
 */
export async function composeVerificationMail(
  { database, codeHash, accountUrl }: VerificationMailDeps,
  { email, is_registration: isRegistration }: PayloadOf<'email_verification'>,
): Promise<ComposedMail | undefined> {
  const account = await findAccountByEmail(database, email);
  if (account === undefined) return undefined;
  if (account.user.email_verified) return isRegistration ? registeredAlready(account) : undefined;
  const secret = newSecret();
  const code = newVerificationCode();
  const tokenHash = hashOf(secret);
  await insertEmailVerification(database, {
    tokenHash,
    codeHash: codeHash(tokenHash, code),
    userId: account.user.user_id,
    email,
    expirySeconds: verificationLimits.expirySeconds,
  });
  const text = [
    'Please verify the e-mail address of your SecureConnect account.',
    'The following is valid for a day:',
    '',
    linkLine(accountUrl, 'verify-email', secret),
    `Code: ${code}`,
    '',
    'Use either of them.',
    'If you did not create an account, ignore this mail.',
  ].join('\n');
  return { to: email, subject: 'Verify your e-mail address', text };
}

/** The reply to the registration is the same as for a new address, so only this mail tells. */
function registeredAlready({ user: { email, username } }: Account): ComposedMail {
  const text = [
    'Somebody registered at SecureConnect with this e-mail address.',
    `It belongs to your account ${username}; no further account was created for it.`,
    '',
    'If it was you, log in to your account, or request a new password.',
    'If it was not you, ignore this mail; nothing has changed.',
  ].join('\n');
  return { to: email, subject: 'You already have an account', text };
}
