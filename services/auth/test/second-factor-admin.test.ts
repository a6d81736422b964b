import { type Database, openDatabase } from '@secureconnect/postgres';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { changeRole } from '../src/change-role.ts';
import { startAuth, type TestAuth } from './harness.ts';
import { rowsOf } from './rows.ts';
import {
  challengeOf,
  type FactorUser,
  finish,
  logIn,
  registerPerson,
  registerWithFactor,
  tokenOf,
} from './second-factor-user.ts';
import { totpCode } from './totp-code.ts';

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

async function registerAdmin(): Promise<FactorUser> {
  const admin = await registerPerson(auth);
  await changeRole(database, admin.userId, 'admin');
  return admin;
}

const reset = (token: string, userId: string) =>
  auth.call('POST', `/v1/admin/users/${userId}/reset-factors`, { token });

it('an administrator removes lost factors and passkeys: the password alone signs in again', async () => {
  const [admin, user] = [await registerAdmin(), await registerWithFactor(auth)];
  await database.execute(
    `INSERT INTO auth.passkeys
       (passkey_id, user_id, credential_id, public_key, counter, transports, name, backed_up)
     SELECT gen_random_uuid(), $1, '\\x01', '\\x02', 0, '{}', 'lost', false`,
    [user.userId],
  );
  const challenge = await challengeOf(auth, user);
  const removed = await reset(admin.token, user.userId);
  expect(removed.status, removed.text).toBe(200);
  expect(removed.body.data).toEqual({ user_id: user.userId, factors_removed: 2 });
  for (const code of [{ code: totpCode(user.secret) }, { recovery_code: user.recoveryCodes[0] }]) {
    expect((await finish(auth, challenge, code)).status).toBe(401);
  }
  const token = tokenOf(await logIn(auth, user));
  expect((await auth.call('GET', '/v1/auth/profile', { token })).status).toBe(200);

  expect((await reset(admin.token, user.userId)).body.data?.['factors_removed']).toBe(0);
  const entries = await rowsOf(
    auth,
    `SELECT actor_kind, actor_id, details FROM auth.audit_entries
     WHERE user_id = $1 AND action = 'second_factors_reset'`,
    [user.userId],
  );
  const by = { actor_kind: 'admin', actor_id: admin.userId };
  expect(entries).toEqual([{ ...by, details: '{"factors_removed":2}' }]);
  await eventually(async () => {
    expect((await auth.mailsTo(user.email)).join('')).toContain('An administrator removed');
  });
});

it('the role, a recent sign-in and an account are needed', async () => {
  const [admin, user] = [await registerAdmin(), await registerWithFactor(auth)];
  expect((await reset(user.token, user.userId)).status).toBe(403);
  expect((await reset(admin.token, '00000000-0000-4000-8000-000000000000')).status).toBe(404);
  await database.execute(
    `UPDATE auth.sessions SET created_at = created_at - interval '6 minutes' WHERE user_id = $1`,
    [admin.userId],
  );
  const refused = await reset(admin.token, user.userId);
  expect([refused.status, refused.body.error?.code]).toEqual([403, 'STEP_UP_REQUIRED']);
  expect((await logIn(auth, user)).body.data).toHaveProperty('challenge');
});

it('an administrator with a second factor steps up by it', async () => {
  const [admin, user] = [await registerWithFactor(auth), await registerWithFactor(auth)];
  await changeRole(database, admin.userId, 'admin');
  await database.execute(
    `UPDATE auth.sessions SET created_at = created_at - interval '6 minutes',
       stepped_up_at = stepped_up_at - interval '6 minutes' WHERE user_id = $1`,
    [admin.userId],
  );
  expect((await reset(admin.token, user.userId)).status).toBe(403);
  const body = { code: totpCode(admin.secret) };
  const { token } = admin;
  expect((await auth.call('POST', '/v1/auth/step-up', { token, body })).status).toBe(200);
  expect((await reset(token, user.userId)).status).toBe(200);
});
