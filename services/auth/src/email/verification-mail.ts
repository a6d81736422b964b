import type { Database } from '@secureconnect/postgres';
import type { PayloadOf } from '../mail/mail-effect.ts';
import type { ComposedMail } from '../mail/mailer.ts';
import { hashOf, newSecret } from '../secrets.ts';
import { insertEmailVerification } from '../stores/email-verifications.ts';
import { findAccountByEmail } from '../stores/users.ts';
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
 * Composes the mail that verifies an address; undefined if nobody has it, or it is verified. Each
 * try has its own token and code, because only hashes are stored.
 */
export async function composeVerificationMail(
  { database, codeHash, accountUrl }: VerificationMailDeps,
  { email }: PayloadOf<'email_verification'>,
): Promise<ComposedMail | undefined> {
  const account = await findAccountByEmail(database, email);
  if (account === undefined || account.user.email_verified) return undefined;
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
