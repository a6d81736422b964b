import { randomUUID } from 'node:crypto';
import { auth } from '@secureconnect/contracts/endpoints';
import { ApiError, unauthorized } from '@secureconnect/service';
import { recordAudit } from '../audit/record-audit.ts';
import { writeMail } from '../mail/mail-effect.ts';
import { requireStepUp } from '../require-step-up.ts';
import { revokeSessions } from '../revoke-sessions.ts';
import { sessionClient } from '../session-client.ts';
import { endPasswordResetsOf } from '../stores/password-resets.ts';
import { endOtherSessionsOf, holdLiveSession } from '../stores/sessions.ts';
import { findAccount, findAccountIfUnchanged, updatePassword } from '../stores/users.ts';
import { closedUnlessDurable, locksUnlessDurable, route } from './route.ts';

const noticeText = [
  'The password of your SecureConnect account was changed.',
  'Its other sessions were ended.',
  'If it was not you, reset your password now.',
].join('\n');

export const changePassword = route(
  auth.changePassword,
  {
    sessions: closedUnlessDurable,
    blacklist: closedUnlessDurable,
    failedLogins: locksUnlessDurable,
  },
  async (
    { user: { userId, sessionId }, body, context, noteSecurity, ...client },
    { sessions, blacklist, failedLogins },
  ) => {
    context.signInGate.admit(client.clientAddress);
    const { database, passwords, loginAttempts } = context;
    const { current_password: current, new_password: next } = body;
    const origin = sessionClient({ ...client, context }, undefined);
    const account = await findAccount(database, userId);
    if (current === undefined) await requireStepUp(database, sessionId);
    else {
      // Counted as a login: the token of a session must not allow more guesses than the login does.
      await using attempt = await loginAttempts.begin(account.user.email, failedLogins, client.log);
      if (!(await passwords.matches(current, account.passwordHash, client))) {
        await attempt.failed(userId, origin);
        throw wrongPassword(userId, sessionId);
      }
      await attempt.succeeded();
    }
    const { email, username, display_name: displayName } = account.user;
    const owner = { email, username, displayName };
    await context.newPasswords.check(next, owner, 'body.new_password');
    const hash = await passwords.hash(next, client);
    const key = `password-changed:${randomUUID()}`;
    const ended = await database.transaction(async (sql) => {
      // What was checked before the hash was computed holds no longer by itself.
      if ((await holdLiveSession(sql, sessionId)) === undefined) throw sessionEnded();
      if (current === undefined) await requireStepUp(sql, sessionId);
      else if ((await findAccountIfUnchanged(sql, account)) === undefined) {
        throw wrongPassword(userId, sessionId);
      }
      const { user } = await updatePassword(sql, userId, hash);
      await endPasswordResetsOf(sql, userId);
      const others = await endOtherSessionsOf(sql, userId, sessionId);
      const details = { sessions_ended: others.length };
      await recordAudit(sql, { action: 'password_changed', userId, sessionId, origin, details });
      const subject = 'Your password was changed';
      await writeMail(sql, { key, to: user.email, subject, text: noticeText, userId });
      await revokeSessions(sql, others, 'password changed', { sessions, blacklist });
      return others;
    });
    noteSecurity('password_changed', { userId, sessionId });
    return { password_changed: true, sessions_ended: ended.length } as const;
  },
);

function wrongPassword(userId: string, sessionId: string): ApiError {
  const details = [{ field: 'body.current_password', message: 'expected the current password' }];
  return new ApiError('VALIDATION_ERROR', 'The current password is wrong.', {
    details,
    security: { event: 'password_change_refused', userId, sessionId },
  });
}

function sessionEnded(): ApiError {
  return unauthorized('This session has ended; log in again.');
}
