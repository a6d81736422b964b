import { auth } from '@secureconnect/contracts/endpoints';
import { unauthorized } from '@secureconnect/service';
import { beginSignIn, signInReply } from '../factors/begin-sign-in.ts';
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
    const deps = { ...context, newSessions };
    const begun = account && matches ? await beginSignIn(deps, account, origin) : undefined;
    const userId = account?.user.user_id;
    if (begun === undefined || userId === undefined) {
      await attempt.failed(userId, origin);
      const security = { event: 'login_failed', account: email, userId } as const;
      throw unauthorized('The e-mail address or the password is wrong.', security);
    }
    // With a second factor the attempt is withdrawn instead: the right password alone forgives no
    // failures, or somebody who knows it could try codes without end.
    if (begun.kind === 'session') await attempt.succeeded();
    return signInReply(begun, userId, noteSecurity);
  },
);
