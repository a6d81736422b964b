import type { Database } from '@secureconnect/postgres';
import { recordAudit, unknownOrigin } from './audit/record-audit.ts';
import type { PayloadOf } from './mail/mail-effect.ts';
import type { ComposedMail } from './mail/mailer.ts';
import { resetLimits } from './mail-limits.ts';
import { hashOf, newSecret } from './secrets.ts';
import { insertPasswordReset } from './stores/password-resets.ts';
import { findAccountByEmail } from './stores/users.ts';

/**
 * Composes the mail that resets a password; undefined for an address that nobody has. Each try has
 * its own token, because only hashes are stored.
 */
export async function composeResetMail(
  database: Database,
  { email }: PayloadOf<'password_reset'>,
): Promise<ComposedMail | undefined> {
  const account = await findAccountByEmail(database, email);
  if (account === undefined) return undefined;
  const secret = newSecret();
  const expiresAtMs = Date.now() + resetLimits.tokenSeconds * 1000;
  const { user_id: userId } = account.user;
  await database.transaction(async (sql) => {
    await insertPasswordReset(sql, { hash: hashOf(secret), userId, expiresAtMs });
    const by = { actor: 'anonymous', userId, origin: unknownOrigin } as const;
    await recordAudit(sql, { action: 'password_reset_requested', ...by });
  });
  const text = [
    'A password reset was requested for your SecureConnect account.',
    'To set a new password, use this token within an hour:',
    '',
    secret,
    '',
    'If you did not request it, ignore this mail; your password does not change.',
  ].join('\n');
  return { to: email, subject: 'Reset your SecureConnect password', text };
}
