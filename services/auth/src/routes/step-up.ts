import { auth } from '@secureconnect/contracts/endpoints';
import { unauthorized } from '@secureconnect/service';
import { auditOrigin, recordAudit } from '../audit/record-audit.ts';
import { recordStepUp } from '../stores/step-ups.ts';
import { findAccount, findAccountIfUnchanged } from '../stores/users.ts';
import { locksOfSignIn, route } from './route.ts';

export const stepUp = route(
  auth.stepUp,
  { failedLogins: locksOfSignIn },
  async ({ user, body, context, noteSecurity, ...client }, { failedLogins }) => {
    const { database, passwords, loginAttempts } = context;
    const { userId, sessionId } = user;
    const account = await findAccount(database, userId);
    const origin = auditOrigin({ ...client, context });
    // A stolen token must not give more guesses than a login does.
    await using attempt = await loginAttempts.begin(account.user.email, failedLogins, client.log);
    const matches = await passwords.matches(body.password, account.passwordHash, client);
    const until = matches
      ? await database.transaction(async (sql) => {
          if ((await findAccountIfUnchanged(sql, account)) === undefined) return undefined;
          await recordAudit(sql, { action: 'stepped_up', userId, sessionId, origin });
          return recordStepUp(sql, sessionId);
        })
      : undefined;
    if (until === undefined) {
      await attempt.failed(userId, origin);
      throw unauthorized('The password is wrong.', { event: 'step_up_failed', userId, sessionId });
    }
    await attempt.succeeded();
    noteSecurity('stepped_up', { userId, sessionId });
    return { stepped_up_until: until.toISOString() };
  },
);
