import { OwnAuditPage, Tokens } from '@secureconnect/contracts';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endSessionsOfUser } from '../src/end-sessions.ts';
import { subjectOf } from '../src/secrets.ts';
import { registerSomeone, someone, startAuth, type TestAuth } from './harness.ts';

let auth: TestAuth;
let database: Database;
beforeAll(async () => {
  auth = await startAuth();
  database = openDatabase({ url: auth.databaseUrl });
});
afterAll(async () => {
  await database.close();
  await auth[Symbol.asyncDispose]();
});

interface Recorded {
  readonly action: string;
  readonly actor_kind: string;
  readonly mode: string;
  readonly details: string;
  readonly address: string | null;
  readonly agent: string | null;
  readonly email: string | null;
}

/** The entries of an account, oldest first. */
const entriesOf = (userId: string): Promise<Recorded[]> =>
  database.query<Recorded>(
    `SELECT action, actor_kind, mode, details, address, agent, email
     FROM auth.audit_entries JOIN auth.audit_personal USING (entry_id)
     WHERE audit_entries.user_id = $1 ORDER BY recorded_at, action`,
    [userId],
  );

const actionsOf = async (userId: string): Promise<string[]> =>
  (await entriesOf(userId)).map(({ action }) => action);

const register = () => registerSomeone(auth);

it('an entry says who did what from where and in which mode', async () => {
  const { userId, email } = await register();
  const [registered, signedIn] = await entriesOf(userId);
  expect(registered).toEqual({
    ...{ action: 'registered', actor_kind: 'user', mode: 'normal', details: '{}' },
    ...{ address: '127.0.0.1', agent: expect.any(String), email },
  });
  expect(signedIn).toMatchObject({ action: 'signed_in', email: null });
});

it('each change of an account is recorded, a repeated one once', async () => {
  const [ada, bob] = [await register(), await register()];
  const { token, userId } = ada;
  const as = (method: string, path: string, body?: unknown) =>
    auth.call(method, path, body === undefined ? { token } : { token, body });
  await as('PATCH', '/v1/users/me', { display_name: 'Ada', status: 'busy' });
  await as('PATCH', '/v1/users/me', { status: 'away' });
  for (const _ of [1, 2]) await as('POST', '/v1/users/blocks', { user_id: bob.userId });
  for (const _ of [1, 2]) await as('DELETE', `/v1/users/blocks/${bob.userId}`);
  await as('POST', '/v1/auth/logout');
  expect(await actionsOf(userId)).toEqual([
    ...['registered', 'signed_in', 'profile_changed'],
    ...['user_blocked', 'user_unblocked', 'signed_out'],
  ]);
  const [changed] = (await entriesOf(userId)).filter(({ action }) => action === 'profile_changed');
  expect(changed?.details).toBe('{"fields":"display_name"}');
});

it('what the operator does is recorded as the operator’s', async () => {
  const { userId } = await register();
  await endSessionsOfUser(database, userId);
  expect((await entriesOf(userId)).at(-1)).toMatchObject({
    ...{ action: 'sessions_ended', actor_kind: 'operator', mode: 'unknown', address: null },
    details: '{"sessions_ended":1}',
  });
});

it('a change that is rolled back leaves no entry', async () => {
  const { userId, email } = await register();
  const taken = await auth.call('POST', '/v1/auth/register', { body: { ...someone(), email } });
  expect(taken.status).toBe(409);
  expect(await actionsOf(userId)).toEqual(['registered', 'signed_in']);
  const [row] = await database.query<{ count: string }>(
    'SELECT count(*) FROM auth.audit_personal WHERE email = $1',
    [email],
  );
  expect(Number(row?.count)).toBe(1);
});

it('a stranger adds at most ten failed logins a day to the log, and the next entry counts the rest', async () => {
  const { userId, email } = await register();
  const fail = async () => {
    await database.execute('UPDATE auth.failed_logins SET failures = 0 WHERE subject = $1', [
      subjectOf(email),
    ]);
    const body = { email, password: 'a wrong password' };
    expect((await auth.call('POST', '/v1/auth/login', { body })).status).toBe(401);
  };
  for (let count = 0; count < 13; count += 1) await fail();
  const failures = async () =>
    (await entriesOf(userId)).filter(({ action }) => action === 'sign_in_failed');
  expect(await failures()).toHaveLength(10);
  expect((await failures())[0]).toMatchObject({ actor_kind: 'anonymous', details: '{}' });
  await database.execute('UPDATE auth.audit_failed_logins SET window_ends_at = now()');
  await fail();
  expect((await failures()).at(-1)?.details).toBe('{"failures_without_entry":3}');
});

it('failed logins for an unknown address leave no entry', async () => {
  const count = async (): Promise<number> => {
    const [row] = await database.query<{ count: string }>(
      'SELECT count(*) FROM auth.audit_entries',
    );
    return Number(row?.count);
  };
  const before = await count();
  const { email, password } = someone();
  const reply = await auth.call('POST', '/v1/auth/login', { body: { email, password } });
  expect([reply.status, await count()]).toEqual([401, before]);
});

it('the database refuses to change or remove an entry', async () => {
  await register();
  const statements = [
    `UPDATE auth.audit_entries SET action = 'nothing'`,
    'DELETE FROM auth.audit_entries',
  ];
  for (const statement of statements) {
    await expect(database.execute(statement)).rejects.toThrow('the audit log is append-only');
  }
});

it('a user reads the log of the own account page by page, and of no other', async () => {
  const [ada, bob] = [await register(), await register()];
  const change = (name: string) =>
    auth.call('PATCH', '/v1/users/me', { token: ada.token, body: { display_name: name } });
  for (const name of ['A', 'B', 'C']) await change(name);
  const page = async (token: string, query = ''): Promise<OwnAuditPage> =>
    OwnAuditPage.parse((await auth.call('GET', `/v1/users/me/audit${query}`, { token })).body.data);
  const seen: string[] = [];
  let cursor = '';
  for (const size of [2, 2, 1]) {
    const { entries, next_cursor, has_more } = await page(ada.token, `?limit=2&cursor=${cursor}`);
    expect([entries.length, has_more]).toEqual([size, size === 2]);
    seen.push(...entries.map(({ action }) => action));
    cursor = next_cursor ?? '';
  }
  expect(seen).toEqual([
    ...['profile_changed', 'profile_changed', 'profile_changed'],
    ...['signed_in', 'registered'],
  ]);
  const own = await page(bob.token);
  expect(own.entries.map(({ action }) => action)).toEqual(['signed_in', 'registered']);
  expect(own.entries[0]).toMatchObject({ address: '127.0.0.1', actor: 'user', mode: 'normal' });
});

it('an entry tells that Redis was down', async () => {
  await using other = await startAuth();
  const { body } = await other.call('POST', '/v1/auth/register', { body: someone() });
  const { user, access_token: token } = Tokens.parse(body.data);
  await other.redis.kill();
  await eventually(async () => {
    const reply = await other.call('GET', '/v1/degraded');
    expect(reply.body.data?.['degraded']).toBe(true);
  });
  const change = { display_name: 'Changed without Redis' };
  expect((await other.call('PATCH', '/v1/users/me', { token, body: change })).status).toBe(200);
  const own = openDatabase({ url: other.databaseUrl });
  try {
    const rows = await own.query(
      'SELECT action, mode FROM auth.audit_entries WHERE user_id = $1 ORDER BY recorded_at, action',
      [user.user_id],
    );
    expect(rows).toEqual([
      { action: 'registered', mode: 'normal' },
      { action: 'signed_in', mode: 'normal' },
      { action: 'profile_changed', mode: 'degraded' },
    ]);
  } finally {
    await own.close();
  }
});
