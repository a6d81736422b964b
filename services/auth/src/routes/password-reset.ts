import {
  PasswordResetConfirmation,
  PasswordResetConfirmed,
  PasswordResetRequest,
  PasswordResetRequested,
} from '@secureconnect/contracts';
import { ApiError, type Logger } from '@secureconnect/service';
import type { Mailer } from '../mail/mailer.ts';
import { hashOf, newSecret, subjectOf } from '../secrets.ts';
import { forgiveFailures } from '../stores/login-attempts.ts';
import { insertPasswordReset, usePasswordReset } from '../stores/password-resets.ts';
import { insertRevocations } from '../stores/revocations.ts';
import { endSessionsOf } from '../stores/sessions.ts';
import { findAccountByEmail, updatePassword } from '../stores/users.ts';
import { sessionRevokedUntilMs } from '../token-lifetimes.ts';
import { refuse, route } from './route.ts';

const resetLifetimeMs = 3_600_000;

const request = route.post(
  '/v1/auth/password-reset/request',
  {
    operation: 'password-reset/request',
    summary: 'Mail a reset token; the reply is the same for unknown addresses',
    auth: 'none',
    body: PasswordResetRequest,
    reply: PasswordResetRequested,
    whenRedisDown: { resetTokens: refuse },
  },
  async ({ body, context, log }, { resetTokens }) => {
    const account = await findAccountByEmail(context.database, body.email);
    const secret = newSecret();
    const reset = { hash: hashOf(secret), expiresAtMs: Date.now() + resetLifetimeMs };
    if (account !== undefined) {
      await context.database.transaction(async (sql) => {
        await insertPasswordReset(sql, { ...reset, userId: account.user.user_id });
        await resetTokens.keep({ ...reset, userId: account.user.user_id });
      });
      // Not awaited: how long a mail takes would tell who is registered.
      void mail(context.mailer, body.email, secret, log);
    }
    return { accepted: true } as const;
  },
);

async function mail(mailer: Mailer, to: string, secret: string, log: Logger): Promise<void> {
  const text = [
    'Somebody asked for a new password for your SecureConnect account.',
    'If it was you, use this token within an hour:',
    '',
    secret,
    '',
    'If it was not you, ignore this mail; your password stays as it is.',
  ].join('\n');
  try {
    await mailer.send({ to, subject: 'Your SecureConnect password', text });
  } catch (error) {
    log.warn({ err: error }, 'a password reset could not be mailed; the user can ask again');
  }
}

const confirm = route.post(
  '/v1/auth/password-reset/confirm',
  {
    operation: 'password-reset/confirm',
    summary: 'Set a new password; ends every session of the user',
    auth: 'none',
    body: PasswordResetConfirmation,
    reply: PasswordResetConfirmed,
    whenRedisDown: {
      resetTokens: refuse,
      sessions: refuse,
      blacklist: refuse,
      failedLogins: refuse,
    },
  },
  async ({ body, context, ...client }, { resetTokens, sessions, blacklist, failedLogins }) => {
    const { database, passwords } = context;
    const hash = hashOf(body.token);
    const userId = await resetTokens.find(hash);
    if (userId === undefined) throw notValid();
    const passwordHash = await passwords.hash(body.new_password, client);
    await database.transaction(async (sql) => {
      if ((await usePasswordReset(sql, hash)) !== userId) throw notValid();
      const { user } = await updatePassword(sql, userId, passwordHash);
      const subject = subjectOf(user.email);
      await forgiveFailures(sql, subject);
      const ended = await endSessionsOf(sql, userId);
      const expiresAtMs = sessionRevokedUntilMs();
      const revocations = ended.map((id) => ({ id, expiresAtMs }));
      await insertRevocations(sql, revocations, 'password reset');
      await blacklist.add(revocations);
      await sessions.end(ended);
      await failedLogins.unlock(subject);
      await resetTokens.forget(hash);
    });
    return { password_changed: true } as const;
  },
);

function notValid(): ApiError {
  return new ApiError('VALIDATION_ERROR', 'This reset token is not valid any more.', {
    details: [{ field: 'body.token', message: 'expected an unused token, at most an hour old' }],
  });
}

export const passwordResetRoutes = [request, confirm];
