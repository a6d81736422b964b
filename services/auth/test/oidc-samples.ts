import { randomUUID } from 'node:crypto';
import type { auth } from '@secureconnect/contracts/endpoints';
import { authorizeAs, type SamplesOf, type SampleWorld, textField } from '@secureconnect/testkit';

const person = (): string => `person-${randomUUID().slice(0, 8)}`;

/** The body that finishes a sign-in of this person, begun at this path. */
async function finishing(world: SampleWorld, who: string, path: string, token?: string) {
  const begun = await world.data('auth', 'POST', path, {
    body: { provider: 'acme' },
    ...(token === undefined ? {} : { token }),
  });
  const callback = await authorizeAs(who, textField(begun, 'authorization_url'));
  const secret = textField(begun, 'browser_secret');
  return { browser_secret: secret, callback_url: callback.href };
}

/** Signs a new person in; returns the access token. */
async function signedIn(world: SampleWorld): Promise<string> {
  const body = await finishing(world, person(), '/v1/auth/oidc/start');
  const tokens = await world.data('auth', 'POST', '/v1/auth/oidc/finish', { body });
  return textField(tokens, 'access_token');
}

type OidcEndpoints = Pick<
  typeof auth,
  | 'listOidcProviders'
  | 'startOidcSignIn'
  | 'finishOidcSignIn'
  | 'listLinkedIdentities'
  | 'startIdentityLink'
  | 'finishIdentityLink'
  | 'unlinkIdentity'
>;

const flows = 'none: a row that is worth nothing without the reply, and expires in ten minutes';

export const oidcSamples: SamplesOf<OidcEndpoints> = {
  'GET /v1/auth/oidc/providers': {
    status: 200,
    prepare: async () => ({ path: '/v1/auth/oidc/providers' }),
  },
  'POST /v1/auth/oidc/start': {
    status: 201,
    prepare: async () => ({
      path: '/v1/auth/oidc/start',
      body: { provider: 'acme' },
      effect: flows,
    }),
  },
  'POST /v1/auth/oidc/finish': {
    status: 200,
    async prepare(world) {
      const who = person();
      const email = `${who}@example.com`;
      const body = await finishing(world, who, '/v1/auth/oidc/start');
      return {
        path: '/v1/auth/oidc/finish',
        body,
        effect: [
          {
            count: `SELECT count(*) FROM auth.sessions JOIN auth.refresh_tokens USING (session_id)
              JOIN auth.users USING (user_id) WHERE email = $1`,
            values: [email],
          },
          { count: 'SELECT count(*) FROM auth.users WHERE email = $1', values: [email] },
        ],
      };
    },
  },
  'GET /v1/users/me/identities': {
    status: 200,
    prepare: async (world) => ({ path: '/v1/users/me/identities', token: await signedIn(world) }),
  },
  'POST /v1/users/me/identities/start': {
    status: 201,
    async prepare(world) {
      const { token } = await world.user();
      const path = '/v1/users/me/identities/start';
      return { path, token, body: { provider: 'acme' }, effect: flows };
    },
  },
  'POST /v1/users/me/identities/finish': {
    status: 201,
    async prepare(world) {
      const { token, userId } = await world.user();
      const body = await finishing(world, person(), '/v1/users/me/identities/start', token);
      const count = 'SELECT count(*) FROM auth.linked_identities WHERE user_id = $1';
      const effect = { count, values: [userId] };
      return { path: '/v1/users/me/identities/finish', token, body, effect };
    },
  },
  'DELETE /v1/users/me/identities/:identity_id': {
    status: 200,
    async prepare(world) {
      const { token } = await world.user();
      const body = await finishing(world, person(), '/v1/users/me/identities/start', token);
      const request = { token, body };
      const linked = await world.data('auth', 'POST', '/v1/users/me/identities/finish', request);
      const id = textField(linked, 'identity_id');
      const count = 'SELECT 1 - count(*) FROM auth.linked_identities WHERE identity_id = $1';
      const effect = { count, values: [id] };
      return { path: `/v1/users/me/identities/${id}`, token, effect };
    },
  },
};
