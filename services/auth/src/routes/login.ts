import { Login, Tokens } from '@secureconnect/contracts';
import { bySetting, failOpen } from '@secureconnect/degraded-mode';
import { unauthorized } from '@secureconnect/service';
import { locked } from '../login-attempts.ts';
import { subjectOf } from '../secrets.ts';
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
    const { database, passwords, loginAttempts } = context;
    const subject = subjectOf(body.email);
    const lockedForSeconds = await failedLogins.lockedForSeconds(subject);
    if (lockedForSeconds > 0) throw locked(lockedForSeconds, subject);

    await using attempt = await loginAttempts.begin(subject, failedLogins, client.log);
    const account = await findAccountByEmail(database, body.email);
    const matches = await passwords.matches(body.password, account?.passwordHash, client);
    const started = account && matches ? await newSessions.start(account) : undefined;
    if (started === undefined) {
      await attempt.failed();
      const userId = account?.user.user_id;
      const security = { event: 'login_failed', account: subject, userId } as const;
      throw unauthorized('The e-mail address or the password is wrong.', security);
    }
    await attempt.succeeded();
    client.noteSecurity('session_started', { userId: started.user.user_id, account: subject });
    return started;
  },
);
