import { Tokens } from '@secureconnect/contracts';
import {
  eventually,
  type Reply,
  type TestOidcProvider,
  testOidcProvider,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerSomeone, startAuth, type TestAuth } from './harness.ts';
import { comeBack, finish as finishAt } from './oidc-sign-in.ts';
import { rowsOf } from './rows.ts';

let provider: TestOidcProvider;
let auth: TestAuth;
beforeAll(async () => {
  provider = await testOidcProvider();
  const [known] = JSON.parse(provider.environment.OIDC_PROVIDERS);
  auth = await startAuth({
    ...provider.environment,
    OIDC_PROVIDERS: JSON.stringify([{ ...known, link_domains: ['example.com'] }]),
  });
});
afterAll(async () => {
  await auth[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

/** A sign-in that has come back from the provider. */
const cameBack = (person: string) => comeBack(auth, person);

const finish = (body: object): Promise<Reply> => finishAt(auth, body);

const signIn = async (person: string): Promise<Reply> => finish(await cameBack(person));

/** An account with a password, and a person of the provider with the same address. */
async function sameAddress({ verifiedHere = true, verifiedThere = true, email = '' } = {}) {
  const owner = await registerSomeone(auth);
  const address = email === '' ? owner.email : email;
  const verified = verifiedHere ? 'now()' : 'NULL';
  await rowsOf(
    auth,
    `UPDATE auth.users SET email = $2, email_verified_at = ${verified} WHERE user_id = $1`,
    [owner.user.user_id, address],
  );
  const person = `${owner.username}-there`;
  provider.persons.set(person, { email: address, emailVerified: verifiedThere, name: 'Ada' });
  return { userId: owner.user.user_id, email: address, person };
}

const identitiesOf = (userId: string) =>
  rowsOf(auth, 'SELECT 1 FROM auth.linked_identities WHERE user_id = $1', [userId]);

it('opens the account that has verified the same address, and tells its owner once', async () => {
  const { userId, email, person } = await sameAddress();
  for (let time = 0; time < 2; time += 1) {
    const reply = await signIn(person);
    expect(reply.status, reply.text).toBe(200);
    expect(Tokens.parse(reply.body.data).user.user_id).toBe(userId);
  }
  expect(await identitiesOf(userId)).toHaveLength(1);
  const entries = await rowsOf(
    auth,
    `SELECT details FROM auth.audit_entries WHERE user_id = $1 AND action = 'identity_linked'`,
    [userId],
  );
  expect(entries).toEqual([{ details: '{"provider":"acme","automatic":true}' }]);
  await eventually(async () => {
    const mails = (await auth.mailsTo(email)).filter((mail) => mail.includes('was linked'));
    expect(mails).toHaveLength(1);
  });
});

it('never opens an account that has not verified the address: somebody else may have registered it', async () => {
  const { userId, person } = await sameAddress({ verifiedHere: false });
  expect((await signIn(person)).status).toBe(409);
  expect(await identitiesOf(userId)).toEqual([]);
});

it('never opens an account for an address that the provider has not verified', async () => {
  const { userId, person } = await sameAddress({ verifiedThere: false });
  expect((await signIn(person)).status).toBe(403);
  expect(await identitiesOf(userId)).toEqual([]);
});

it.each(['ada@elsewhere.example', 'ada@sub.example.com', 'ada@notexample.com', 'ada@example.co'])(
  'never opens the account of %s, whose domain is not that of the provider',
  async (email) => {
    const { userId, person } = await sameAddress({ email });
    expect((await signIn(person)).status).toBe(409);
    expect(await identitiesOf(userId)).toEqual([]);
  },
);

it.each([
  ['of an administrator', `UPDATE auth.users SET role = 'admin' WHERE user_id = $1`],
  ['that is disabled', 'UPDATE auth.users SET disabled_at = now() WHERE user_id = $1'],
  [
    'that is being deleted',
    'INSERT INTO auth.account_deletions (user_id, due_at, started_at) VALUES ($1, now(), now())',
  ],
])('never opens an account %s', async (_what, statement) => {
  const { userId, person } = await sameAddress();
  await rowsOf(auth, statement, [userId]);
  expect((await signIn(person)).status).toBe(409);
  expect(await identitiesOf(userId)).toEqual([]);
});

it('links once, from concurrent sign-ins of the same person', async () => {
  const { userId, person } = await sameAddress();
  const replies = await Promise.all(
    (await Promise.all(Array.from({ length: 4 }, () => cameBack(person)))).map(finish),
  );
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(await identitiesOf(userId)).toHaveLength(1);
});

it('asks for the second factor of the account as well', async () => {
  const { userId, person } = await sameAddress();
  await rowsOf(
    auth,
    `INSERT INTO auth.totp_factors (user_id, factor_id, encrypted_secret, confirmed_at)
     VALUES ($1, gen_random_uuid(), 'not read', now())`,
    [userId],
  );
  const { body, status } = await signIn(person);
  expect(status).toBe(200);
  expect(body.data).toHaveProperty('challenge');
  expect(body.data).not.toHaveProperty('access_token');
});
