import { randomUUID } from 'node:crypto';
import type { auth } from '@secureconnect/contracts/endpoints';
import type { SamplesOf, StoredEffect } from '@secureconnect/testkit';
import { subjectOf } from '../src/secrets.ts';
import { accountDeletionSamples } from './account-deletion-samples.ts';
import { adminListSamples } from './admin-list-samples.ts';
import { adminSamples } from './admin-samples.ts';
import { auditSamples } from './audit-samples.ts';
import { credentialSamples } from './credential-samples.ts';
import { dataExportSamples } from './data-export-samples.ts';
import { deviceSamples } from './device-samples.ts';
import { drillSamples } from './drill-samples.ts';
import { emailSamples } from './email-samples.ts';
import { friendsSamples } from './friends-samples.ts';
import { jwksSamples } from './jwks-samples.ts';
import { keysSamples } from './keys-samples.ts';
import { oidcSamples } from './oidc-samples.ts';
import { passkeySamples } from './passkey-samples.ts';
import { secondFactorSamples } from './second-factor-samples.ts';

const ended = (sessionId: string): StoredEffect => ({
  count: 'SELECT count(*) FROM auth.sessions WHERE session_id = $1 AND ended_at IS NOT NULL',
  values: [sessionId],
});

const revoked = (sessionId: string): StoredEffect => ({
  count: 'SELECT count(*) FROM auth.revocations WHERE id = $1',
  values: [sessionId],
});

const blocksOf = 'FROM auth.blocked_pairs WHERE blocked_id = $1';

/** A request for each row of auth. */
export const authSamples: SamplesOf<typeof auth> = {
  ...auditSamples,
  ...jwksSamples,
  ...deviceSamples,
  ...adminSamples,
  ...adminListSamples,
  ...drillSamples,
  ...friendsSamples,
  ...keysSamples,
  'POST /v1/auth/register': {
    status: 201,
    async prepare() {
      const name = `sample_${randomUUID().slice(0, 12)}`;
      const email = `${name}@example.com`;
      const password = 'correct horse battery';
      return {
        path: '/v1/auth/register',
        body: { email, username: name, password, display_name: name },
        effect: [
          {
            count: 'SELECT count(*) FROM auth.users WHERE email = $1 AND username = $2',
            values: [email, name],
          },
          {
            count: `SELECT count(*) FROM auth.sessions JOIN auth.refresh_tokens USING (session_id)
              JOIN auth.users USING (user_id) WHERE email = $1`,
            values: [email],
            by: 'newSessions',
          },
        ],
      };
    },
  },
  'POST /v1/auth/login': {
    status: 200,
    async prepare(world) {
      const user = await world.user();
      const { email, password } = user;
      return {
        path: '/v1/auth/login',
        body: { email, password },
        effect: {
          count: `SELECT count(*) FROM auth.sessions JOIN auth.refresh_tokens USING (session_id)
            WHERE user_id = $1 AND session_id <> $2`,
          values: [user.userId, user.sessionId],
        },
      };
    },
  },
  'POST /v1/auth/refresh': {
    status: 200,
    // Only a token that is reused is revoked.
    ports: ['sessions'],
    async prepare(world) {
      const user = await world.user();
      const tokens = 'SELECT count(*) FROM auth.refresh_tokens WHERE session_id = $1';
      const values = [user.sessionId];
      return {
        path: '/v1/auth/refresh',
        body: { refresh_token: user.refreshToken },
        effect: [
          { count: `${tokens} AND used_at IS NOT NULL`, values },
          // The first one is that of the registration.
          { count: tokens.replace('count(*)', 'count(*) - 1'), values },
        ],
      };
    },
  },
  'POST /v1/auth/logout': {
    status: 200,
    async prepare(world) {
      const user = await world.user();
      const effect = [ended(user.sessionId), revoked(user.sessionId)] as const;
      return { path: '/v1/auth/logout', token: user.token, effect };
    },
  },
  'POST /v1/auth/step-up': {
    status: 200,
    async prepare(world) {
      const user = await world.user();
      const effect = {
        count: `SELECT count(*) FROM auth.sessions
          WHERE session_id = $1 AND stepped_up_at IS NOT NULL`,
        values: [user.sessionId],
      };
      const body = { password: user.password };
      return { path: '/v1/auth/step-up', token: user.token, body, effect };
    },
  },
  'POST /v1/ws/ticket': {
    status: 201,
    async prepare(world) {
      const { token } = await world.knownUser();
      return {
        path: '/v1/ws/ticket',
        token,
        effect: 'none: a ticket is written down where it is used',
      };
    },
  },
  'POST /v1/auth/password-reset/request': {
    status: 200,
    async prepare(world) {
      const { email } = await world.user();
      const effect = {
        count: `SELECT count(*) FROM auth.mail_requests JOIN auth.outbox USING (effect_id)
          WHERE purpose = 'password_reset' AND subject = $1`,
        values: [subjectOf(email)],
      };
      return { path: '/v1/auth/password-reset/request', body: { email }, effect };
    },
  },
  'POST /v1/auth/password-reset/confirm': {
    status: 200,
    async prepare(world) {
      const user = await world.user();
      const { email, userId } = user;
      await world.data('auth', 'POST', '/v1/auth/password-reset/request', { body: { email } });
      const token = await world.mailedToken(email);
      const body = { token, new_password: 'another good password' };
      return {
        path: '/v1/auth/password-reset/confirm',
        body,
        effect: [
          {
            count: `SELECT count(*) FROM auth.users JOIN auth.password_resets USING (user_id)
              WHERE user_id = $1 AND updated_at > users.created_at AND used_at IS NOT NULL`,
            values: [userId],
          },
          ended(user.sessionId),
          revoked(user.sessionId),
        ],
      };
    },
  },
  ...emailSamples,
  ...credentialSamples,
  'GET /v1/auth/profile': {
    status: 200,
    prepare: async (world) => ({
      path: '/v1/auth/profile',
      token: (await world.knownUser()).token,
    }),
  },
  'GET /v1/users/me': {
    status: 200,
    prepare: async (world) => ({ path: '/v1/users/me', token: (await world.knownUser()).token }),
  },
  'PATCH /v1/users/me': {
    status: 200,
    async prepare(world) {
      const { token, userId } = await world.knownUser();
      const name = 'Another Name';
      const effect = {
        count: 'SELECT count(*) FROM auth.users WHERE user_id = $1 AND display_name = $2',
        values: [userId, name],
      };
      return { path: '/v1/users/me', token, body: { display_name: name }, effect };
    },
  },
  'GET /v1/users/lookup': {
    status: 200,
    async prepare(world) {
      const { token, username } = await world.knownUser();
      return { path: `/v1/users/lookup?username=${username}`, token };
    },
  },
  'POST /v1/users/blocks': {
    status: 200,
    async prepare(world) {
      const [{ token }, { userId }] = [await world.knownUser(), await world.knownUser()];
      const effect = { count: `SELECT count(*) ${blocksOf}`, values: [userId] };
      return { path: '/v1/users/blocks', token, body: { user_id: userId }, effect };
    },
  },
  'GET /v1/users/blocks': {
    status: 200,
    prepare: async (world) => ({
      path: '/v1/users/blocks',
      token: (await world.knownUser()).token,
    }),
  },
  'DELETE /v1/users/blocks/:user_id': {
    status: 200,
    async prepare(world) {
      const [{ token }, { userId }] = [await world.knownUser(), await world.knownUser()];
      await world.data('auth', 'POST', '/v1/users/blocks', { token, body: { user_id: userId } });
      const effect = { count: `SELECT 1 - count(*) ${blocksOf}`, values: [userId] };
      return { path: `/v1/users/blocks/${userId}`, token, effect };
    },
  },
  'GET /v1/users/:user_id': {
    status: 200,
    async prepare(world) {
      const { token, userId } = await world.knownUser();
      return { path: `/v1/users/${userId}`, token };
    },
  },
  ...oidcSamples,
  ...accountDeletionSamples,
  ...passkeySamples,
  ...secondFactorSamples,
  ...dataExportSamples,
};
