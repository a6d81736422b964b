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
 * Composes the mail that verifies an address; undefined if nobody has it, or it is verified. A
 * registration that created a decoy is told to the owner of the address instead: a mail that
 * verified the earlier account would open it to whoever chose its password. Each try has its own
 * token and code, because only hashes are stored.
 */
export async function composeVerificationMail(
  { database, codeHash, accountUrl }: VerificationMailDeps,
  { email, registered }: PayloadOf<'email_verification'>,
): Promise<ComposedMail | undefined> {
  const account = await findAccountByEmail(database, email);
  if (account === undefined) return undefined;
  const isOfDecoy = registered !== undefined && registered !== account.user.user_id;
  if (isOfDecoy) return registeredAlready(account);
  if (account.user.email_verified) return undefined;
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
    `Please verify the e-mail address of your SecureConnect account ${account.user.username}.`,
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
function registeredAlready({ user }: Account): ComposedMail {
  const { email, username, email_verified: isVerified } = user;
  const [state, advice] = isVerified
    ? ['It belongs to your account', 'log in to that account, or request a new password']
    : [
        'It was registered before, for the account',
        'request a new password: nobody else knows that one',
      ];
  const text = [
    'Somebody registered at SecureConnect with this e-mail address.',
    `${state} ${username}; no further account was created for it.`,
    '',
    `If it was you, ${advice}.`,
    'If it was not you, ignore this mail; nothing has changed.',
  ].join('\n');
  return { to: email, subject: 'This address has an account already', text };
}
