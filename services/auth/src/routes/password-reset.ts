import { auth } from '@secureconnect/contracts/endpoints';
import { ApiError } from '@secureconnect/service';
import { auditOrigin, recordAudit } from '../audit/record-audit.ts';
import { passwordOwner } from '../new-passwords/password-owner.ts';
import { requestMail } from '../request-mail.ts';
import { revokeSessions } from '../revoke-sessions.ts';
import { hashOf, subjectOf } from '../secrets.ts';
import { forgiveFailures } from '../stores/login-attempts.ts';
import { forgetMailRequests } from '../stores/mail-requests.ts';
import { endPasswordResetsOf, usePasswordReset } from '../stores/password-resets.ts';
import { endSessionsOf } from '../stores/sessions.ts';
import { hasSecondFactor } from '../stores/totp-factors.ts';
import { findAccount, updatePassword } from '../stores/users.ts';
import { closedUnlessDurable, locksUnlessDurable, route } from './route.ts';

const request = route(
  auth.requestPasswordReset,
  { resetTokens: closedUnlessDurable },
  // The address is not looked up here, so neither the reply nor its duration reveals its owner.
  async ({ body, context, noteSecurity, clientAddress }, { resetTokens }) => {
    context.signInGate.admit(clientAddress);
    const subject = subjectOf(body.email);
    if ((await resetTokens.lockedForSeconds(subject)) === 0) {
      const { email } = body;
      const payload = { template: 'password_reset', email } as const;
      const spentForSeconds = await requestMail(
        context.database,
        'password_reset',
        subject,
        payload,
      );
      if (spentForSeconds > 0) await resetTokens.lock(subject, spentForSeconds);
    }
    noteSecurity('password_reset_requested', { account: body.email });
    return { accepted: true } as const;
  },
);

const confirm = route(
  auth.confirmPasswordReset,
  {
    resetTokens: closedUnlessDurable,
    sessions: closedUnlessDurable,
    blacklist: closedUnlessDurable,
    failedLogins: locksUnlessDurable,
  },
  async (
    { body, context, noteSecurity, ...client },
    { resetTokens, sessions, blacklist, failedLogins },
  ) => {
    context.signInGate.admit(client.clientAddress);
    const { database, newPasswords, passwords } = context;
    const hash = hashOf(body.token);
    const userId = await resetTokens.find(hash);
    if (userId === undefined) throw notValid();
    const owner = await passwordOwner(database, await findAccount(database, userId));
    await newPasswords.check(body.new_password, owner, 'body.new_password');
    const passwordHash = await passwords.hash(body.new_password, client);
    const origin = auditOrigin({ ...client, context });
    await database.transaction(async (sql) => {
      if ((await usePasswordReset(sql, hash)) !== userId) throw notValid();
      const { user } = await updatePassword(sql, userId, passwordHash);
      const subject = subjectOf(user.email);
      const otherHashes = await endPasswordResetsOf(sql, userId);
      await forgetMailRequests(sql, 'password_reset', subject);
      // As the right password, a mailbox alone forgives no failures where there is a second factor.
      const forgives = !(await hasSecondFactor(sql, userId));
      if (forgives) await forgiveFailures(sql, subject);
      const ended = await endSessionsOf(sql, userId);
      const details = { sessions_ended: ended.length };
      const by = { actor: 'anonymous', userId, origin, details } as const;
      await recordAudit(sql, { action: 'password_reset', ...by });
      await revokeSessions(sql, ended, 'password reset', { sessions, blacklist });
      if (forgives) await failedLogins.unlock(subject);
      await resetTokens.unlock(subject);
      await resetTokens.forget([hash, ...otherHashes]);
    });
    noteSecurity('password_reset_confirmed', { userId });
    return { password_changed: true } as const;
  },
);

function notValid(): ApiError {
  return new ApiError(
    'VALIDATION_ERROR',
    'This reset token is no longer valid; request a new one.',
    {
      details: [{ field: 'body.token', message: 'expected an unused token, at most an hour old' }],
      security: { event: 'password_reset_refused' },
    },
  );
}

export const passwordResetRoutes = {
  requestPasswordReset: request,
  confirmPasswordReset: confirm,
};
