import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { AdminUserPage, OwnAuditPage, Tokens } from '@secureconnect/contracts';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeRole } from '../src/change-role.ts';
import { registerSomeone, startAuth, type TestAuth } from './harness.ts';

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

const register = () => registerSomeone(auth);

async function registerAdmin() {
  const admin = await register();
  await changeRole(database, admin.userId, 'admin');
  return admin;
}

const act = (token: string, userId: string, action: string) =>
  auth.call('POST', `/v1/admin/users/${userId}/${action}`, { token });
const login = ({ email, password }: { readonly email: string; readonly password: string }) =>
  auth.call('POST', '/v1/auth/login', { body: { email, password } });

const newestOf = async (userId: string) => {
  const [row] = await database.query<Record<string, unknown>>(
    `SELECT action, actor_kind, actor_id, details FROM auth.audit_entries
     WHERE user_id = $1 ORDER BY recorded_at DESC LIMIT 1`,
    [userId],
  );
  return row;
};

describe('the role', () => {
  it('is asked of SQL at each request: a user gets it, sees it and loses it with one token', async () => {
    const { userId, token } = await register();
    const list = async () => (await auth.call('GET', '/v1/admin/users', { token })).status;
    const own = async () => (await auth.call('GET', '/v1/users/me', { token })).body.data?.['role'];
    expect([await list(), await own()]).toEqual([403, 'user']);
    await changeRole(database, userId, 'admin');
    expect([await list(), await own()]).toEqual([200, 'admin']);
    await changeRole(database, userId, 'user');
    const refused = await auth.call('GET', '/v1/admin/users', { token });
    expect([refused.status, refused.body.error?.code]).toEqual([403, 'FORBIDDEN']);
  });

  it('is needed for every route of administrators', async () => {
    const [{ token }, { userId }] = [await register(), await register()];
    const replies = [
      await auth.call('GET', '/v1/admin/users', { token }),
      await auth.call('GET', '/v1/admin/audit/export', { token }),
      ...['disable', 'enable', 'end-sessions'].map((action) => act(token, userId, action)),
    ];
    for (const reply of await Promise.all(replies)) expect(reply.status).toBe(403);
    const anonymous = await auth.call('GET', '/v1/admin/users');
    expect(anonymous.status).toBe(401);
  });
});

it('a change needs a sign-in or step-up within the last five minutes, and the list does not', async () => {
  const [admin, ada] = [await registerAdmin(), await register()];
  await database.execute(
    `UPDATE auth.sessions SET created_at = created_at - interval '6 minutes' WHERE user_id = $1`,
    [admin.userId],
  );
  expect((await auth.call('GET', '/v1/admin/users', { token: admin.token })).status).toBe(200);
  const refused = [
    ...['disable', 'enable', 'end-sessions'].map((action) => act(admin.token, ada.userId, action)),
    auth.call('GET', '/v1/admin/audit/export', { token: admin.token }),
  ];
  for (const { status, body } of await Promise.all(refused)) {
    expect([status, body.error?.code]).toEqual([403, 'STEP_UP_REQUIRED']);
  }
  expect((await auth.call('GET', '/v1/auth/profile', { token: ada.token })).status).toBe(200);
  const { access_token: token } = Tokens.parse((await login(admin)).body.data);
  expect((await act(token, ada.userId, 'disable')).status).toBe(200);
});

describe('the list of accounts', () => {
  const page = async (token: string, query: string): Promise<AdminUserPage> =>
    AdminUserPage.parse((await auth.call('GET', `/v1/admin/users${query}`, { token })).body.data);

  it('finds by address, name and id, and takes wildcards as they are', async () => {
    const [{ token }, ada] = [await registerAdmin(), await register()];
    for (const search of [ada.email.toUpperCase(), ada.username, ada.userId]) {
      const { users } = await page(token, `?search=${encodeURIComponent(search)}`);
      expect(users.map(({ user_id: id }) => id)).toContain(ada.userId);
    }
    const { users } = await page(token, `?search=${ada.username}&limit=1`);
    expect(users[0]).toMatchObject({ role: 'user', disabled_at: null, live_sessions: 1 });
    expect((await page(token, `?search=${encodeURIComponent('%')}`)).users).toEqual([]);
  });

  it('goes page by page, without gap or repeat', async () => {
    const { token } = await registerAdmin();
    const all = (await page(token, '?limit=100')).users.map(({ user_id: id }) => id);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { users, next_cursor: next }: AdminUserPage = await page(
        token,
        `?limit=3&cursor=${cursor}`,
      );
      seen.push(...users.map(({ user_id: id }) => id));
      cursor = next;
    }
    expect(seen).toEqual(all);
    const forged = await auth.call('GET', '/v1/admin/users?cursor=JSc', { token });
    expect(forged.body.error?.details?.[0]?.field).toBe('query.cursor');
  });
});

describe('a disabled account', () => {
  it('has no session, and its sign-in is refused in the words of a wrong password', async () => {
    const [admin, ada] = [await registerAdmin(), await register()];
    const reply = await act(admin.token, ada.userId, 'disable');
    expect(reply.body.data).toEqual({ user_id: ada.userId, disabled: true, sessions_ended: 1 });
    const again = await act(admin.token, ada.userId, 'end-sessions');
    expect(again.body.data).toMatchObject({ disabled: true, sessions_ended: 0 });
    const profile = await auth.call('GET', '/v1/auth/profile', { token: ada.token });
    expect(profile.status).toBe(401);
    const refreshed = await auth.call('POST', '/v1/auth/refresh', {
      body: { refresh_token: ada.refresh_token },
    });
    expect(refreshed.status).toBe(401);
    const [refused, wrong] = [await login(ada), await login({ ...ada, password: 'a wrong one' })];
    expect([refused.status, refused.body.error]).toEqual([401, wrong.body.error]);
    expect(await newestOf(ada.userId)).toMatchObject({ action: 'sign_in_failed' });

    expect((await act(admin.token, ada.userId, 'enable')).status).toBe(200);
    expect((await login(ada)).status).toBe(200);
  });

  it('is an administrator no more', async () => {
    const [first, second] = [await registerAdmin(), await registerAdmin()];
    await act(first.token, second.userId, 'disable');
    await act(first.token, second.userId, 'enable');
    // The old token is revoked; a new one works again.
    expect((await auth.call('GET', '/v1/admin/users', { token: second.token })).status).toBe(401);
    await database.execute('UPDATE auth.users SET disabled_at = now() WHERE user_id = $1', [
      first.userId,
    ]);
    expect((await auth.call('GET', '/v1/admin/users', { token: first.token })).status).toBe(403);
  });

  it('is never one’s own, and must exist', async () => {
    const admin = await registerAdmin();
    const own = await act(admin.token, admin.userId, 'disable');
    expect([own.status, own.body.error?.code]).toEqual([400, 'VALIDATION_ERROR']);
    const nobody = await act(admin.token, '00000000-0000-4000-8000-000000000000', 'disable');
    expect(nobody.status).toBe(404);
  });
});

it('what an administrator does is recorded once, with the administrator as actor', async () => {
  const [admin, ada] = [await registerAdmin(), await register()];
  for (const action of ['end-sessions', 'end-sessions', 'disable', 'disable', 'enable', 'enable']) {
    expect((await act(admin.token, ada.userId, action)).status).toBe(200);
  }
  const rows = await database.query<{ action: string; actor_id: string | null }>(
    `SELECT action, actor_id FROM auth.audit_entries
     WHERE user_id = $1 AND actor_kind = 'admin' ORDER BY recorded_at, action`,
    [ada.userId],
  );
  expect(rows).toEqual(
    ['sessions_ended', 'user_disabled', 'user_enabled'].map((action) => ({
      action,
      actor_id: admin.userId,
    })),
  );
  const { access_token: token } = Tokens.parse((await login(ada)).body.data);
  const { entries } = OwnAuditPage.parse(
    (await auth.call('GET', '/v1/users/me/audit', { token })).body.data,
  );
  const disabled = entries.find(({ action }) => action === 'user_disabled');
  expect(disabled).toMatchObject({ actor: 'admin', address: null, agent: null });
});

describe('npm run admin:create', () => {
  async function run(...options: string[]) {
    const file = new URL('../src/commands/admin-create.ts', import.meta.url).pathname;
    const env = { ...process.env, DATABASE_URL: auth.databaseUrl };
    const child = spawn(process.execPath, [file, ...options], { env });
    const [out, error] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { code: child.exitCode, out, error };
  }

  it('gives the role to an account, takes it away, and records both', async () => {
    const { userId, email } = await register();
    const given = await run('--user', email);
    expect(given).toEqual({
      code: 0,
      out: `User ${userId} now has the role "admin".\n`,
      error: '',
    });
    expect((await run('--user', userId)).out).toBe(`User ${userId} has had the role "admin".\n`);
    const details = { action: 'role_changed', actor_kind: 'operator', actor_id: null };
    expect(await newestOf(userId)).toEqual({ ...details, details: '{"role":"admin"}' });
    expect((await run('--revoke', '--user', userId)).code).toBe(0);
    expect(await newestOf(userId)).toEqual({ ...details, details: '{"role":"user"}' });
    expect(await run('--user', 'nobody@example.com')).toMatchObject({ code: 1, out: '' });
  });
});
