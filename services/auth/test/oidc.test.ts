import { LinkedIdentity, Tokens } from '@secureconnect/contracts';
import { createLogger } from '@secureconnect/service';
import {
  authorizeAs,
  type Reply,
  refusingPerson,
  type TestOidcProvider,
  testOidcProvider,
} from '@secureconnect/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createOidcClient } from '../src/oidc/oidc-client.ts';
import { someone, startAuth, type TestAuth } from './harness.ts';
import { begin, comeBack as comeBackTo, finish as finishAt } from './oidc-sign-in.ts';
import { rowsOf } from './rows.ts';

let provider: TestOidcProvider;
let auth: TestAuth;
beforeAll(async () => {
  provider = await testOidcProvider();
  auth = await startAuth(provider.environment);
});
afterEach(() => {
  provider.fault = { kind: 'none' };
  provider.clockAheadSeconds = 0;
});
afterAll(async () => {
  await auth[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

let persons = 0;
const newPerson = (): string => {
  persons += 1;
  return `person${persons}`;
};

/** Begins, and goes to the provider and back. */
const comeBack = (person: string, path?: string, token?: string) =>
  comeBackTo(auth, person, path, token);

const finish = (body: object): Promise<Reply> => finishAt(auth, body);

const signIn = async (person: string): Promise<Tokens> => {
  const reply = await finish(await comeBack(person));
  expect(reply.status, reply.text).toBe(200);
  return Tokens.parse(reply.body.data);
};

const withParameter = (url: string, name: string, value: string): string => {
  const changed = new URL(url);
  changed.searchParams.set(name, value);
  return changed.href;
};

describe('signing in with a provider', () => {
  it('creates an account at the first sign-in and opens it at the following ones', async () => {
    const person = newPerson();
    const first = await signIn(person);
    expect(first.user).toMatchObject({ email: `${person}@example.com`, username: person });
    const profile = await auth.call('GET', '/v1/auth/profile', { token: first.access_token });
    expect(profile.status).toBe(200);
    const body = { refresh_token: first.refresh_token };
    expect((await auth.call('POST', '/v1/auth/refresh', { body })).status).toBe(200);
    expect((await signIn(person)).user.user_id).toBe(first.user.user_id);
  });

  it('gives a user name with a different end to a person whose name is taken', async () => {
    const taken = someone();
    await auth.call('POST', '/v1/auth/register', { body: taken });
    const person = newPerson();
    const email = `${taken.username}@elsewhere.example`;
    provider.persons.set(person, { email, emailVerified: true, name: 'Ada' });
    const { user } = await signIn(person);
    expect(user.username).toMatch(new RegExp(`^${taken.username}-[0-9a-f]{8}$`));
    expect(user.display_name).toBe('Ada');
  });

  it('lists the providers, without their secrets', async () => {
    const reply = await auth.call('GET', '/v1/auth/oidc/providers');
    expect(reply.body.data).toEqual({ providers: [{ provider: 'acme', name: 'Acme' }] });
  });

  it('refuses an unknown provider with 404', async () => {
    const body = { provider: 'unknown' };
    expect((await auth.call('POST', '/v1/auth/oidc/start', { body })).status).toBe(404);
  });

  it('does not log in an account without a password by any password', async () => {
    const { user } = await signIn(newPerson());
    const body = { email: user.email, password: 'any password at all' };
    expect((await auth.call('POST', '/v1/auth/login', { body })).status).toBe(401);
  });

  it('refuses an address that the provider has not verified, and stores nothing', async () => {
    const person = newPerson();
    const email = `${person}@unverified.example`;
    provider.persons.set(person, { email, emailVerified: false, name: 'Mallory' });
    const reply = await finish(await comeBack(person));
    expect(reply.status).toBe(403);
    expect(await rowsOf(auth, 'SELECT 1 FROM auth.users WHERE email = $1', [email])).toEqual([]);
  });

  it('does not open an account that has the address but is not linked', async () => {
    const owner = someone();
    await auth.call('POST', '/v1/auth/register', { body: owner });
    const person = newPerson();
    provider.persons.set(person, { email: owner.email, emailVerified: true, name: 'Mallory' });
    const reply = await finish(await comeBack(person));
    expect(reply.status).toBe(409);
    expect(reply.body.error?.message).toContain('link this sign-in');
  });
});

describe('a reply that is not good', () => {
  it('is refused in a different browser, and is then used up', async () => {
    const good = await comeBack(newPerson());
    const other = await begin(auth);
    const stolen = { ...good, browser_secret: other.browser_secret };
    expect((await finish(stolen)).status).toBe(401);
    expect((await finish(good)).status).toBe(401);
  });

  it('is refused with a wrong state', async () => {
    const good = await comeBack(newPerson());
    const callback_url = withParameter(good.callback_url, 'state', 'x'.repeat(43));
    expect((await finish({ ...good, callback_url })).status).toBe(401);
  });

  it('is refused a second time', async () => {
    const good = await comeBack(newPerson());
    expect((await finish(good)).status).toBe(200);
    expect((await finish(good)).status).toBe(401);
  });

  it('is accepted once of ten concurrent times', async () => {
    const good = await comeBack(newPerson());
    const replies = await Promise.all(Array.from({ length: 10 }, () => finish(good)));
    const statuses = replies.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 401)]);
  });

  it('is refused with the used code of a different sign-in', async () => {
    const used = await comeBack(newPerson());
    expect((await finish(used)).status).toBe(200);
    const code = new URL(used.callback_url).searchParams.get('code') ?? '';
    const good = await comeBack(newPerson());
    const callback_url = withParameter(good.callback_url, 'code', code);
    expect((await finish({ ...good, callback_url })).status).toBe(401);
  });

  it('is refused with the unused code of a different browser: PKCE', async () => {
    const [victim, attacker] = [await comeBack(newPerson()), await comeBack(newPerson())];
    const code = new URL(victim.callback_url).searchParams.get('code') ?? '';
    const callback_url = withParameter(attacker.callback_url, 'code', code);
    expect((await finish({ ...attacker, callback_url })).status).toBe(401);
  });

  it('is refused from a different issuer, and without one', async () => {
    for (const change of [
      (url: string) => withParameter(url, 'iss', 'https://evil.example'),
      (url: string) => {
        const without = new URL(url);
        without.searchParams.delete('iss');
        return without.href;
      },
    ]) {
      const good = await comeBack(newPerson());
      const reply = await finish({ ...good, callback_url: change(good.callback_url) });
      expect(reply.status, reply.text).toBe(401);
    }
  });

  it("is refused when the user says no, with the provider's reason", async () => {
    const reply = await finish(await comeBack(refusingPerson));
    expect(reply.status).toBe(401);
    expect(reply.body.error?.message).toContain('access_denied');
  });

  it('is refused when it comes after ten minutes', async () => {
    const good = await comeBack(newPerson());
    await rowsOf(auth, "UPDATE auth.oidc_flows SET expires_at = now() - interval '1 second'");
    expect((await finish(good)).status).toBe(401);
  });

  it('is refused if the clock of the provider is far ahead, not if it is a little ahead', async () => {
    provider.clockAheadSeconds = 50;
    expect((await finish(await comeBack(newPerson()))).status).toBe(200);
    provider.clockAheadSeconds = -7200;
    expect((await finish(await comeBack(newPerson()))).status).toBe(401);
  });
});

describe('a provider in trouble', () => {
  it('that has a new key is asked for its keys again', async () => {
    await signIn(newPerson());
    provider.rotateKey();
    await signIn(newPerson());
  });

  it.each([
    ['is away', { kind: 'away' }],
    ['fails', { kind: 'answering', paths: /^\/token$/, status: 500, text: 'oops' }],
    ['speaks nonsense', { kind: 'answering', paths: /^\/token$/, status: 200, text: '<html>' }],
    ['sends no keys', { kind: 'answering', paths: /^\/jwks$/, status: 503, text: '{}' }],
    [
      'does not know us any more',
      { kind: 'answering', paths: /^\/token$/, status: 401, text: '{"error":"invalid_client"}' },
    ],
    [
      'floods',
      { kind: 'answering', paths: /^\/token$/, status: 200, text: `{"a":"${'x'.repeat(2e6)}"}` },
    ],
  ] as const)('that %s in the middle is 503 with its name', async (_what, fault) => {
    const body = await comeBack(newPerson());
    provider.fault = fault;
    const reply = await finish(body);
    expect(reply.status, reply.text).toBe(503);
    expect(reply.body.error?.message).toContain('Acme');
    expect(reply.headers.get('retry-after')).toBe('5');
  });

  it('that is frozen is given up in time, at the discovery and at the exchange', async () => {
    await using frozen = await testOidcProvider();
    const log = createLogger({ service: 'auth', level: 'silent' });
    const client = createOidcClient({
      provider: {
        id: 'acme',
        name: 'Acme',
        issuer: frozen.issuer,
        clientId: frozen.clientId,
        clientSecret: frozen.clientSecret,
        trustedForSecondFactor: false,
        linkDomains: [],
      },
      redirectUrl: frozen.redirectUrl,
      maxExchangeMs: 300,
    });
    const flow = { state: 'a state', secret: 'a secret' };
    frozen.fault = { kind: 'frozen', paths: /./ };
    await expect(client.authorizationUrl(flow, log)).rejects.toMatchObject({ status: 503 });
    frozen.fault = { kind: 'none' };
    const callback = await authorizeAs('ada', await client.authorizationUrl(flow, log));
    frozen.fault = { kind: 'frozen', paths: /^\/token$/ };
    await expect(client.identityOf(callback, flow, log)).rejects.toMatchObject({ status: 503 });
  });

  it('that is away does not keep the service from starting, and is asked when it is back', async () => {
    await using late = await testOidcProvider();
    late.fault = { kind: 'away' };
    await using other = await startAuth(late.environment, {}, auth);
    const body = { provider: 'acme' };
    const refused = await other.call('POST', '/v1/auth/oidc/start', { body });
    expect(refused.status, refused.text).toBe(503);
    late.fault = { kind: 'none' };
    expect((await other.call('POST', '/v1/auth/oidc/start', { body })).status).toBe(201);
    expect((await other.call('POST', '/v1/auth/oidc/start', { body })).status).toBe(201);
    expect(late.requests.get('/.well-known/openid-configuration')).toBe(2);
  });
});

describe('linking a sign-in', () => {
  const linkPath = '/v1/users/me/identities/start';
  const finishLink = (body: object, token: string) =>
    auth.call('POST', '/v1/users/me/identities/finish', { body, token });
  const registered = async () => {
    const user = someone();
    const reply = await auth.call('POST', '/v1/auth/register', { body: user });
    return { ...user, ...Tokens.parse(reply.body.data) };
  };

  it('opens the account of the user who linked it, whatever the address', async () => {
    const { user, access_token: token } = await registered();
    const person = newPerson();
    const linked = await finishLink(await comeBack(person, linkPath, token), token);
    expect(linked.status, linked.text).toBe(201);
    expect((await signIn(person)).user.user_id).toBe(user.user_id);
    const { body } = await auth.call('GET', '/v1/users/me/identities', { token });
    expect(body.data?.['identities']).toEqual([expect.objectContaining({ provider: 'acme' })]);
  });

  it('needs a login of the last five minutes', async () => {
    const { user, access_token: token } = await registered();
    await rowsOf(
      auth,
      `UPDATE auth.sessions SET created_at = now() - interval '6 minutes' WHERE user_id = $1`,
      [user.user_id],
    );
    const body = { provider: 'acme' };
    expect((await auth.call('POST', linkPath, { body, token })).status).toBe(403);
  });

  it('is finished by the session that began it, and by no other and no sign-in', async () => {
    const [ada, eve] = [await registered(), await registered()];
    const first = await comeBack(newPerson(), linkPath, ada.access_token);
    expect((await finishLink(first, eve.access_token)).status).toBe(401);
    const second = await comeBack(newPerson(), linkPath, ada.access_token);
    expect((await finish(second)).status).toBe(401);
    const third = await comeBack(newPerson());
    expect((await finishLink(third, ada.access_token)).status).toBe(401);
  });

  it('is refused for a sign-in that opens a different account', async () => {
    const person = newPerson();
    await signIn(person);
    const { access_token: token } = await registered();
    const reply = await finishLink(await comeBack(person, linkPath, token), token);
    expect(reply.status).toBe(409);
  });

  it('is undone by unlinking, except for the last way to sign in', async () => {
    const person = newPerson();
    const { access_token: token } = await signIn(person);
    const second = newPerson();
    const reply = await finishLink(await comeBack(second, linkPath, token), token);
    const { identity_id } = LinkedIdentity.parse(reply.body.data);
    const unlink = (id: string) => auth.call('DELETE', `/v1/users/me/identities/${id}`, { token });
    expect((await unlink(identity_id)).status).toBe(200);
    expect((await unlink(identity_id)).status).toBe(404);
    const { body } = await auth.call('GET', '/v1/users/me/identities', { token });
    const [last] = (body.data?.['identities'] ?? []) as LinkedIdentity[];
    expect((await unlink(last?.identity_id ?? '')).status).toBe(409);
    expect((await signIn(person)).user.email).toBe(`${person}@example.com`);
  });
});

it('logs no secret, code or address, and no error', () => {
  const text = auth.logLines.join('');
  for (const secret of [provider.clientSecret, 'code=', '@example.com', 'browser_secret']) {
    expect(text).not.toContain(secret);
  }
  expect(auth.logLines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});
