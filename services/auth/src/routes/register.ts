import { randomUUID } from 'node:crypto';
import { auth } from '@secureconnect/contracts/endpoints';
import { byValue, failOpen } from '@secureconnect/degraded-mode';
import { recordAudit } from '../audit/record-audit.ts';
import { noTokens } from '../ports/new-sessions.ts';
import { requestMailIn } from '../request-mail.ts';
import { subjectOf } from '../secrets.ts';
import { sessionClient } from '../session-client.ts';
import { insertUser } from '../stores/users.ts';
import { route } from './route.ts';

export const register = route(
  auth.register,
  {
    directory: failOpen.skip(),
    newSessions: byValue('SIGN_IN_WITHOUT_REDIS', {
      refuse: failOpen.skip(),
      stateless: failOpen.local(),
      durable: failOpen.durable(),
    }),
  },
  async ({ body, context, noteSecurity, ...client }, { directory, newSessions }) => {
    context.signInGate.admit(client.clientAddress);
    const { password, device_name: deviceName, ...registration } = body;
    const { email, username, display_name: displayName } = registration;
    const owner = { email, username, displayName };
    await context.newPasswords.check(password, owner, 'body.password');
    const hash = await context.passwords.hash(password, client);
    const origin = sessionClient({ ...client, context }, deviceName);
    const userId = randomUUID();
    const account = await context.database.transaction(async (sql) => {
      const inserted = await insertUser(sql, userId, registration, hash);
      const payload = { template: 'email_verification', email: registration.email } as const;
      await requestMailIn(sql, 'email_verification', subjectOf(registration.email), payload);
      await recordAudit(sql, { action: 'registered', userId, origin, email: registration.email });
      return inserted;
    });
    const { user } = account;
    noteSecurity('user_registered', { userId: user.user_id, account: user.email });
    await directory.remember(user.user_id, registration);
    if (context.requireVerifiedEmail) return { user, ...noTokens };
    const started = await newSessions.start(account, origin);
    if (started?.sessionId !== undefined) {
      noteSecurity('session_started', { userId: user.user_id, sessionId: started.sessionId });
    }
    // No tokens if the password was already reset: the user logs in with the new one.
    return { user, ...(started?.tokens ?? noTokens) };
  },
);
