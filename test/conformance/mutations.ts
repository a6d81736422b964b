import { failClosed, failOpen } from '@secureconnect/degraded-mode';
import type { Mutation } from './mutation.ts';

const refuse = failClosed({ retryAfterSeconds: 5 });

/** Rows with other fallbacks than are declared: the replies or the counts show it. */
export const mutations: readonly Mutation[] = [
  {
    what: 'login skips its new sessions instead of refusing for them',
    service: 'auth',
    route: 'POST /v1/auth/login',
    // The failed logins refuse all the same: only the count and the live table show it.
    alter: (declared) => ({ ...declared, newSessions: failOpen.skip() }),
    said: /not counted: newSessions=failClosed/,
  },
  {
    what: 'presence refuses instead of being skipped',
    service: 'chat',
    route: 'POST /v1/presence',
    alter: (declared) => ({ ...declared, presence: refuse }),
    said: /503 instead of 200/,
  },
  {
    what: 'the directory of lookup refuses instead of asking SQL',
    service: 'auth',
    route: 'GET /v1/users/lookup',
    alter: (declared) => ({ ...declared, directory: refuse }),
    said: /503 instead of 200/,
  },
  {
    what: 'the revocations of a profile refuse instead of asking the snapshot',
    service: 'auth',
    route: 'GET /v1/auth/profile',
    alter: (declared) => ({ ...declared, revocations: refuse }),
    said: /503 instead of 200/,
  },
  {
    what: 'logout drops the ports that refuse it, and goes on without them',
    service: 'auth',
    route: 'POST /v1/auth/logout',
    alter: ({ sessions: _sessions, blacklist: _blacklist, ...rest }) => rest,
    handle: () => async () => ({ logged_out: true }),
    said: /200 instead of 503/,
  },
];
