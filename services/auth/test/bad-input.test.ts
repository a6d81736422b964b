import { openDatabase } from '@secureconnect/postgres';
import type { HttpRoute } from '@secureconnect/service';
import { PasskeyDevice, type Reply } from '@secureconnect/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeRole } from '../src/change-role.ts';
import type { AuthContext } from '../src/context.ts';
import { authRoutes } from '../src/index.ts';
import { someone, startAuth, type TestAuth } from './harness.ts';
import { newDeviceKeys, newOneTimeKeys } from './keys-fixture.ts';

let auth: TestAuth;
let token: string;
beforeAll(async () => {
  auth = await startAuth();
  const reply = await auth.call('POST', '/v1/auth/register', { body: someone() });
  token = String(reply.body.data?.['access_token']);
  const user = reply.body.data?.['user'] as { readonly user_id: string };
  const database = openDatabase({ url: auth.databaseUrl });
  await changeRole(database, user.user_id, 'admin');
  await database.close();
});
afterAll(() => auth[Symbol.asyncDispose]());

const routes = authRoutes.filter((route): route is HttpRoute<AuthContext> => route.kind === 'http');
const withBody = routes.filter((route) => route.endpoint?.body !== undefined).map(named);
const numRuns = 40;

function named(route: HttpRoute<AuthContext>): [string, HttpRoute<AuthContext>] {
  return [route.policy.route, route];
}

function finishedFlow() {
  return { browser_secret: 'x', callback_url: 'https://app.example.com/in?code=a&state=b' };
}

/** The answers of a device to a challenge that nobody gave. */
function newCredential() {
  return new PasskeyDevice().create({
    challenge: 'AAAA',
    rp: { id: 'localhost', name: 'SecureConnect' },
    user: { id: 'AAAA', name: 'a name', displayName: 'a name' },
    pubKeyCredParams: [{ alg: -7, type: 'public-key' }],
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true },
  });
}

function assertion() {
  const { id, rawId, type, response } = newCredential();
  const { clientDataJSON, authenticatorData } = response;
  return {
    ...{ id, rawId, type },
    response: { clientDataJSON, authenticatorData, signature: 'AAAA' },
  };
}

/** A good body of each route that takes one; the properties break it. */
const samples: Readonly<Record<string, () => Readonly<Record<string, unknown>>>> = {
  'POST /v1/auth/register': someone,
  'POST /v1/auth/login': () => ({ email: someone().email, password: 'a password' }),
  'POST /v1/auth/refresh': () => ({ refresh_token: `${crypto.randomUUID()}.${'a'.repeat(43)}` }),
  'POST /v1/auth/password-reset/request': () => ({ email: someone().email }),
  'POST /v1/auth/password-reset/confirm': () => ({ token: 'x', new_password: 'another password' }),
  'POST /v1/auth/email/verify': () => ({ email: someone().email, code: '12345678' }),
  'POST /v1/auth/email/confirm-change': () => ({ token: 'x' }),
  'POST /v1/auth/email/undo-change': () => ({ token: 'x' }),
  'POST /v1/users/me/email': () => ({ new_email: someone().email }),
  'POST /v1/users/me/password': () => ({ new_password: 'another password' }),
  'POST /v1/auth/email/resend': () => ({ email: someone().email }),
  'POST /v1/users/blocks': () => ({ user_id: crypto.randomUUID() }),
  'POST /v1/auth/step-up': () => ({ password: 'a password' }),
  'POST /v1/auth/login/second-factor': () => ({ challenge: 'x', code: '123456' }),
  'POST /v1/users/me/second-factor/totp/confirm': () => ({ code: '123456' }),
  'POST /v1/auth/oidc/start': () => ({ provider: 'acme' }),
  'POST /v1/auth/oidc/finish': finishedFlow,
  'POST /v1/users/me/identities/start': () => ({ provider: 'acme' }),
  'POST /v1/users/me/identities/finish': finishedFlow,
  'POST /v1/auth/passkeys/finish': () => ({ credential: assertion() }),
  'POST /v1/auth/step-up/passkey/finish': () => ({ credential: assertion() }),
  'POST /v1/users/me/passkeys/finish': () => ({ credential: newCredential() }),
  'PATCH /v1/users/me/passkeys/:passkey_id': () => ({ name: 'A name' }),
  'POST /v1/friends/requests': () => ({ user_id: crypto.randomUUID() }),
  'PUT /v1/keys/device': () => ({ ...newDeviceKeys() }),
  'POST /v1/keys/one-time': () => ({ keys: newOneTimeKeys(1) }),
  // Of a service that does not run here, so that nobody is in it.
  'POST /v1/admin/drills': () => ({ services: ['chat'], seconds: 60 }),
  'PATCH /v1/users/me': () => ({ display_name: 'A name', status: 'busy' }),
};

/** A path of the route, about something that nobody has. */
const pathOf = ({ path }: HttpRoute<AuthContext>): string =>
  path.replaceAll(/:\w+_id/g, () => crypto.randomUUID());

const send = (route: HttpRoute<AuthContext>, body: unknown, path = pathOf(route)): Promise<Reply> =>
  auth.call(route.method.toUpperCase(), path, {
    ...(route.auth === 'bearer' ? { token } : {}),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? JSON.stringify(body) : body }),
  });

/** Whatever was sent: the envelope, never a fault of the service, and a reason that names fields. */
function expectEnvelope(reply: Reply, source: string): void {
  expect(reply.status, reply.text).toBeLessThan(500);
  expect(reply.body.success).toBe(reply.status < 400);
  expect(reply.body.meta).toHaveProperty('request_id', reply.headers.get('x-request-id'));
  if (reply.body.error?.code !== 'VALIDATION_ERROR') return;
  const { details = [] } = reply.body.error;
  expect(details.length).toBeGreaterThan(0);
  for (const { field } of details) expect(field).toMatch(new RegExp(`^(${source})`));
}

const strange = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\0', '\ud800', 'x'.repeat(5000), ' ', '"', "'; DROP TABLE auth.users; --", -0),
);

describe.each(withBody)('%s', (name, route) => {
  it('answers any JSON body with the envelope', async () => {
    await fc.assert(
      fc.asyncProperty(strange, async (body) => expectEnvelope(await send(route, body), 'body')),
      { numRuns },
    );
  });

  it('answers a good body with one field broken', async () => {
    const sample = samples[name];
    if (sample === undefined) throw new Error(`add a sample body for ${name}`);
    const field = fc.constantFrom(...Object.keys(sample()));
    await fc.assert(
      fc.asyncProperty(field, strange, async (broken, value) => {
        expectEnvelope(await send(route, { ...sample(), [broken]: value }), 'body');
      }),
      { numRuns },
    );
  });

  it.each([
    ['{"cut', 'application/json', 400, 'VALIDATION_ERROR'],
    ['{}', 'text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [`{"x":"${'x'.repeat(300_000)}"}`, 'application/json', 413, 'PAYLOAD_TOO_LARGE'],
    ['['.repeat(50_000), 'application/json', 400, 'VALIDATION_ERROR'],
  ])('refuses %.8s of type %s with %i %s', async (body, type, status, code) => {
    const reply = await auth.call(route.method.toUpperCase(), pathOf(route), {
      body,
      headers: { 'content-type': type },
      ...(route.auth === 'bearer' ? { token } : {}),
    });
    expect([reply.status, reply.body.error?.code]).toEqual([status, code]);
  });
});

/** Any of several fields is enough for these. */
const withoutRequiredFields = [
  'PATCH /v1/users/me',
  'POST /v1/auth/email/verify',
  'POST /v1/auth/login/second-factor',
];
const withRequiredFields = withBody.filter(([name]) => !withoutRequiredFields.includes(name));

describe.each(withRequiredFields)('%s', (name, route) => {
  it('names each field that is missing', async () => {
    const expected = Object.keys(samples[name]?.() ?? {}).map((field) => `body.${field}`);
    const reply = await send(route, {});
    expect(reply.status).toBe(400);
    expect(reply.body.error?.details?.map(({ field }) => field).toSorted()).toEqual(
      expected.toSorted(),
    );
  });
});

/** A method that no route has at a path. */
function unservedMethod(path: string): string {
  const served = routes.filter((route) => route.path === path).map(({ method }) => method);
  return served.includes('put') ? 'PATCH' : 'PUT';
}

describe('paths and queries', () => {
  it('answers any user id', async () => {
    const get = (path: string) => auth.call('GET', path, { token });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1 }), async (id) => {
        const path = `/v1/users/${encodeURIComponent(id)}`;
        fc.pre(!/^(me|lookup|blocks|\.{1,2})$/.test(id));
        const reply = await get(path);
        expectEnvelope(reply, 'params.user_id');
        expect([400, 404]).toContain(reply.status);
      }),
      { numRuns },
    );
    expect((await get(`/v1/users/${crypto.randomUUID()}`)).status).toBe(404);
  });

  it('answers any lookup', async () => {
    const name = fc.constantFrom('email', 'username', 'email[]', '__proto__', 'other');
    const pairs = fc.array(fc.tuple(name, fc.string({ unit: 'binary' })), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(pairs, async (given) => {
        const query = given.map(
          ([key, value]) => `${key}=${encodeURIComponent(value.toWellFormed())}`,
        );
        const reply = await auth.call('GET', `/v1/users/lookup?${query.join('&')}`, { token });
        expectEnvelope(reply, 'query');
      }),
      { numRuns },
    );
  });

  it.each(['', 'email=a@example.com&username=abc', 'username=abc&username=def', 'email=x'])(
    'refuses the lookup "%s"',
    async (query) => {
      const reply = await auth.call('GET', `/v1/users/lookup?${query}`, { token });
      expect([reply.status, reply.body.error?.code]).toEqual([400, 'VALIDATION_ERROR']);
      expect(reply.body.error?.details?.[0]?.field).toMatch(/^query\./);
    },
  );

  it.each(routes.map(named))('%s refuses another method', async (_name, route) => {
    const reply = await auth.call(unservedMethod(route.path), pathOf(route), { token });
    expect([reply.status, reply.body.error?.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
  });
});

describe('log lines', () => {
  it('tell of no error, password or token, after all of that', () => {
    const lines = auth.logLines.join('');
    expect(lines).not.toContain('"level":"error"');
    expect(lines).not.toContain(someone().password);
    expect(lines).not.toContain(token);
  });
});
