import { Login, Tokens } from '@secureconnect/contracts';
import { bySetting, failOpen } from '@secureconnect/degraded-mode';
import { ApiError, unauthorized } from '@secureconnect/service';
import { subjectOf } from '../secrets.ts';
import { clearFailedLogins, recordFailedLogin } from '../stores/failed-logins.ts';
import { findAccountByEmail } from '../stores/users.ts';
import { refuse, route } from './route.ts';

export const login = route.post(
  '/v1/auth/login',
  {
    operation: 'login',
    summary: 'Log in with an e-mail address and a password',
    auth: 'none',
    body: Login,
    reply: Tokens,
    whenRedisDown: {
      newSessions: bySetting('ENABLE_STATELESS_AUTH', { on: failOpen.local(), off: refuse }),
      failedLogins: bySetting('ENABLE_STATELESS_AUTH', { on: failOpen.local(), off: refuse }),
    },
  },
  async ({ body, context, ...client }, { newSessions, failedLogins }) => {
    const { database, passwords } = context;
    const subject = subjectOf(body.email);
    const lockedForSeconds = await failedLogins.lockedForSeconds(subject);
    if (lockedForSeconds > 0) throw locked(lockedForSeconds);

    const account = await findAccountByEmail(database, body.email);
    const matches = await passwords.matches(body.password, account?.passwordHash, client);
    const started = account && matches ? await newSessions.start(account) : undefined;
    if (started === undefined) {
      // Before the durable count: a refusal here has counted nothing.
      await failedLogins.record(subject);
      await recordFailedLogin(database, subject);
      throw unauthorized('The e-mail address or the password is wrong.');
    }
    await failedLogins.clear(subject);
    await clearFailedLogins(database, subject);
    return started;
  },
);

/** The same for addresses that nobody has: a lock tells nothing about who is registered. */
function locked(retryAfterSeconds: number): ApiError {
  return new ApiError('ACCOUNT_LOCKED', 'Too many failed logins. Try again later.', {
    retryAfterSeconds,
  });
}
