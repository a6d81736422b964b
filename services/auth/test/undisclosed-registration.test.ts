import { Tokens } from '@secureconnect/contracts';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { createMetrics } from '@secureconnect/service';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPasswords } from '../src/passwords.ts';
import { someone, startAuth, type TestAuth } from './harness.ts';

type Registration = ReturnType<typeof someone>;

let comparisons = 0;
let auth: TestAuth;
let database: Database;
let viewer: Awaited<ReturnType<typeof verifiedUser>>;
beforeAll(async () => {
  const passwords = await createPasswords({ cost: 4, metrics: createMetrics() });
  const matches: typeof passwords.matches = (...request) => {
    comparisons += 1;
    return passwords.matches(...request);
  };
  const overrides = { passwords: { ...passwords, matches } };
  const settings = { REQUIRE_VERIFIED_EMAIL: 'true', FIND_USERS_BY_EMAIL: 'false' };
  auth = await startAuth(settings, overrides);
  database = openDatabase({ url: auth.databaseUrl });
  viewer = await verifiedUser();
});
afterAll(async () => {
  await database.close();
  await auth[Symbol.asyncDispose]();
});

const register = (body: Registration) => auth.call('POST', '/v1/auth/register', { body });

const login = ({ email, password }: Pick<Registration, 'email' | 'password'>) =>
  auth.call('POST', '/v1/auth/login', { body: { email, password } });

/** What a client learns from a login, its cost included. */
async function tried(credentials: Pick<Registration, 'email' | 'password'>) {
  comparisons = 0;
  const { status, body } = await login(credentials);
  return { status, error: body.error, comparisons };
}

/** Registers with an address that counts as verified, and logs in. */
async function verifiedUser() {
  const person = someone();
  expect((await register(person)).status).toBe(201);
  await database.execute('UPDATE auth.users SET email_verified_at = now() WHERE email = $1', [
    person.email,
  ]);
  const tokens = Tokens.parse((await login(person)).body.data);
  return { ...person, token: tokens.access_token };
}

/** A registration by somebody else, with a password of their own. */
const withAddress = (email: string): Registration => ({
  ...someone(),
  email,
  password: 'purple monkey dishwasher',
});

describe('with REQUIRE_VERIFIED_EMAIL, a registration', () => {
  it('of an address with an account has the reply of a new one, and what follows is the same', async () => {
    const owner = await verifiedUser();
    const seen = [];
    for (const email of [owner.email, someone().email]) {
      const registration = withAddress(email);
      const { status, body } = await register(registration);
      const { user, ...tokens } = Tokens.parse(body.data);
      const { user_id: userId, created_at: _now, ...shown } = user;
      expect(shown).toMatchObject({ email, username: registration.username });
      const path = `/v1/users/${userId}`;
      const byName = `/v1/users/lookup?username=${registration.username}`;
      const { token } = viewer;
      const sameName = { ...someone(), username: registration.username };
      seen.push({
        reply: [status, tokens, Object.keys(shown), Object.keys(body.data ?? {})],
        byId: (await auth.call('GET', path, { token })).status,
        byName: (await auth.call('GET', byName, { token })).body.data?.['user_id'] === userId,
        name: (await register(sameName)).body.error,
        login: await tried(registration),
        wrong: await tried({ email, password: 'not the password' }),
        again: (await register(withAddress(email))).status,
      });
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]).toMatchObject({
      byId: 200,
      byName: true,
      name: { code: 'CONFLICT', details: [{ field: 'body.username' }] },
      login: { status: 403, error: { code: 'EMAIL_NOT_VERIFIED' }, comparisons: 2 },
      wrong: { status: 401, comparisons: 2 },
      again: 201,
    });
    expect((await login(owner)).status).toBe(200);
  });

  it('tells the owner of the address by mail, without a token or a code', async () => {
    const [owner, stranger] = [await verifiedUser(), someone()];
    await register(stranger);
    // Else the mails of both registrations would be one.
    await eventually(async () => expect(await auth.mailsTo(stranger.email)).toHaveLength(1));
    await eventually(async () => {
      const pending = "SELECT 1 FROM auth.outbox WHERE state = 'pending'";
      expect(await database.query(pending)).toEqual([]);
    });
    for (const { email } of [owner, stranger]) await register(withAddress(email));
    for (const { email, username } of [owner, stranger]) {
      const mail = await eventually(async () => {
        const found = (await auth.mailsTo(email)).find((one) => one.includes('no further account'));
        if (found === undefined) throw new Error('no mail yet');
        return found;
      });
      expect(mail).toContain(`account ${username}; no further account`);
      expect(mail).toContain(email === owner.email ? 'log in to' : 'nobody else knows that one');
      expect(mail).not.toMatch(/Token:|Code:|Link:/);
    }
  });

  it('counts only the first password of an address, with and without an account', async () => {
    const owner = await verifiedUser();
    for (const email of [owner.email, someone().email]) {
      const first = withAddress(email);
      const second = { ...withAddress(email), password: 'a second long password' };
      await register(first);
      await register(second);
      expect([(await login(first)).status, (await login(second)).status]).toEqual([403, 401]);
    }
  });

  it('of one new address by twelve at once creates one account and eleven decoys', async () => {
    const { email } = someone();
    const replies = await Promise.all(
      Array.from({ length: 12 }, () => register(withAddress(email))),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    const ids = replies.map(({ body }) => Tokens.parse(body.data).user.user_id);
    const stored = await database.query<{ is_real: boolean; registered_for: string | null }>(
      'SELECT email = $2 AS is_real, registered_for FROM auth.users WHERE user_id = ANY($1)',
      [ids, email],
    );
    expect(
      stored
        .map((row) => row.is_real)
        .toSorted()
        .lastIndexOf(false),
    ).toBe(10);
    expect(stored.filter((row) => row.registered_for !== null)).toEqual([]);
  });

  it('is forgotten with the account whose address it had', async () => {
    const owner = await verifiedUser();
    const decoy = withAddress(owner.email);
    await register(decoy);
    const { token } = owner;
    expect((await auth.call('DELETE', '/v1/users/me', { token })).status).toBe(202);
    expect((await login(decoy)).status).toBe(401);
    expect((await register(withAddress(owner.email))).status).toBe(201);
  });
});

it('with FIND_USERS_BY_EMAIL=false, a search by address is refused alike for any, and by name finds', async () => {
  const search = (query: string) =>
    auth.call('GET', `/v1/users/lookup?${query}`, { token: viewer.token });
  const [known, unknown] = [
    await search(`email=${viewer.email}`),
    await search('email=nobody@example.com'),
  ];
  expect([known.status, known.body.error?.code]).toEqual([403, 'FORBIDDEN']);
  expect(unknown.body.error).toEqual(known.body.error);
  expect((await search(`username=${viewer.username}`)).status).toBe(200);
});
