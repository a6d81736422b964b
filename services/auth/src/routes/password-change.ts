import { randomUUID } from 'node:crypto';
import { auth } from '@secureconnect/contracts/endpoints';
import type { Sql } from '@secureconnect/postgres';
import { ApiError, unauthorized } from '@secureconnect/service';
import { type AuditOrigin, recordAudit } from '../audit/record-audit.ts';
import { actOnJudged } from '../judge-password.ts';
import { writeMail } from '../mail/mail-effect.ts';
import { passwordOwner } from '../new-passwords/password-owner.ts';
import { requireStepUp } from '../require-step-up.ts';
import { revokeSessions } from '../revoke-sessions.ts';
import { sessionClient } from '../session-client.ts';
import { endPasswordResetsOf } from '../stores/password-resets.ts';
import { endOtherSessionsOf, holdLiveSession } from '../stores/sessions.ts';
import { hasSecondFactor } from '../stores/totp-factors.ts';
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
    const needsStepUp = async (sql: Sql): Promise<boolean> =>
      current === undefined || (await hasSecondFactor(sql, userId));
    const isSteppedUp = await needsStepUp(database);
    if (isSteppedUp) await requireStepUp(database, sessionId);
    if (current !== undefined) {
      // Counted as a login: the token of a session must not allow more guesses than the login does.
      await using attempt = await loginAttempts.begin(account.user.email, failedLogins, client.log);
      if (!(await passwords.matches(current, account.passwordHash, client))) {
        await attempt.failed(userId, origin);
        throw wrongPassword(userId, sessionId);
      }
      // As at a login, the password alone forgives no failures where there is a second factor.
      if (!isSteppedUp) await attempt.succeeded();
    }
    const owner = await passwordOwner(database, account);
    await context.newPasswords.check(next, owner, 'body.new_password');
    const hash = await passwords.hash(next, client);
    const key = `password-changed:${randomUUID()}`;
    // What was checked before the hash was computed holds no longer by itself.
    const changeIf = (
      isStillGood: (sql: Sql) => Promise<boolean>,
    ): Promise<readonly string[] | undefined> =>
      database.transaction(async (sql) => {
        if ((await holdLiveSession(sql, sessionId)) === undefined) throw sessionEnded();
        if (await needsStepUp(sql)) await requireStepUp(sql, sessionId);
        if (!(await isStillGood(sql))) return undefined;
        const others = await setPassword(sql, { key, userId, sessionId, hash, origin });
        await revokeSessions(sql, others, 'password changed', { sessions, blacklist });
        return others;
      });
    const ended =
      current === undefined
        ? await changeIf(async () => true)
        : await actOnJudged(context, { account, password: current }, client, (judged) =>
            changeIf(async (sql) => (await findAccountIfUnchanged(sql, judged)) !== undefined),
          );
    if (ended === undefined) throw wrongPassword(userId, sessionId);
    noteSecurity('password_changed', { userId, sessionId });
    return { password_changed: true, sessions_ended: ended.length } as const;
  },
);

interface PasswordChange {
  /** Of the notice. */
  readonly key: string;
  readonly userId: string;
  /** The session that goes on. */
  readonly sessionId: string;
  readonly hash: string;
  readonly origin: AuditOrigin;
}

/** Sets the password, ends resets and the other sessions, and mails a notice. The ended sessions. */
async function setPassword(
  sql: Sql,
  { key, userId, sessionId, hash, origin }: PasswordChange,
): Promise<readonly string[]> {
  const { user } = await updatePassword(sql, userId, hash);
  await endPasswordResetsOf(sql, userId);
  const others = await endOtherSessionsOf(sql, userId, sessionId);
  const details = { sessions_ended: others.length };
  await recordAudit(sql, { action: 'password_changed', userId, sessionId, origin, details });
  const subject = 'Your password was changed';
  await writeMail(sql, { key, to: user.email, subject, text: noticeText, userId });
  return others;
}

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
