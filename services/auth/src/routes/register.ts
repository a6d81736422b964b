import { randomUUID } from 'node:crypto';
import { auth } from '@secureconnect/contracts/endpoints';
import { bySetting, failOpen } from '@secureconnect/degraded-mode';
import { noTokens } from '../ports/new-sessions.ts';
import { insertUser } from '../stores/users.ts';
import { route } from './route.ts';

export const register = route(
  auth.register,
  {
    directory: failOpen.skip(),
    newSessions: bySetting('ENABLE_STATELESS_AUTH', {
      on: failOpen.local(),
      off: failOpen.skip(),
    }),
  },
  async ({ body, context, noteSecurity, ...client }, { directory, newSessions }) => {
    const { password, ...registration } = body;
    const hash = await context.passwords.hash(password, client);
    const account = await insertUser(context.database, randomUUID(), registration, hash);
    const { user } = account;
    noteSecurity('user_registered', { userId: user.user_id, account: user.email });
    await directory.remember(user.user_id, registration);
    const started = await newSessions.start(account);
    if (started?.sessionId !== undefined) {
      noteSecurity('session_started', { userId: user.user_id, sessionId: started.sessionId });
    }
    // No tokens if the password was already reset: the user logs in with the new one.
    return { user, ...(started?.tokens ?? noTokens) };
  },
);
