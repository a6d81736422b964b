import { auth } from '@secureconnect/contracts/endpoints';
import { unauthorized } from '@secureconnect/service';
import { judgePassword } from '../judge-password.ts';
import { sessionClient } from '../session-client.ts';
import { locksOfSignIn, newSessionsBySetting, route } from './route.ts';

export const login = route(
  auth.login,
  {
    newSessions: newSessionsBySetting,
    failedLogins: locksOfSignIn,
  },
  async ({ body, context, noteSecurity, ...client }, { newSessions, failedLogins }) => {
    const { loginAttempts, signInGate } = context;
    signInGate.admit(client.clientAddress);
    const { email, password, device_name: deviceName } = body;
    const origin = sessionClient({ ...client, context }, deviceName);
    await using attempt = await loginAttempts.begin(email, failedLogins, client.log);
    const { account, matches } = await judgePassword(context, { email, password }, client);
    const started = account && matches ? await newSessions.start(account, origin) : undefined;
    if (started === undefined) {
      const userId = account?.user.user_id;
      await attempt.failed(userId, origin);
      const security = { event: 'login_failed', account: email, userId } as const;
      throw unauthorized('The e-mail address or the password is wrong.', security);
    }
    await attempt.succeeded();
    const { user, sessionId, tokens } = started;
    noteSecurity('session_started', { userId: user.user_id, sessionId });
    return { user, ...tokens };
  },
);
