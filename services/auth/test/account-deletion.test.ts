import { Tokens } from '@secureconnect/contracts';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerSomeone, startAuth, type TestAuth } from './harness.ts';
import { rowsOf } from './rows.ts';

let auth: TestAuth;
let graceful: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
  graceful = await startAuth({ ACCOUNT_DELETION_GRACE_HOURS: '24' });
});
afterAll(async () => {
  await auth[Symbol.asyncDispose]();
  await graceful[Symbol.asyncDispose]();
});

const login = (at: TestAuth, { email, password }: { email: string; password: string }) =>
  at.call('POST', '/v1/auth/login', { body: { email, password } });
const deleteMe = (at: TestAuth, token: string) => at.call('DELETE', '/v1/users/me', { token });

it('needs a sign-in or step-up of the last five minutes, and changes nothing without', async () => {
  const { token, userId } = await registerSomeone(auth);
  await rowsOf(
    auth,
    `UPDATE auth.sessions SET created_at = now() - interval '6 minutes' WHERE user_id = $1`,
    [userId],
  );
  expect((await deleteMe(auth, token)).status).toBe(403);
  expect((await auth.call('GET', '/v1/users/me', { token })).status).toBe(200);
});

it('ends every session at once, refuses the password, and frees the names', async () => {
  const user = await registerSomeone(auth);
  const other = Tokens.parse((await login(auth, user)).body.data);
  expect((await deleteMe(auth, user.token)).status).toBe(202);
  for (const token of [user.token, other.access_token]) {
    expect((await auth.call('GET', '/v1/users/me', { token })).status).toBe(401);
  }
  const body = { refresh_token: other.refresh_token };
  expect((await auth.call('POST', '/v1/auth/refresh', { body })).status).toBe(401);
  expect((await login(auth, user)).status).toBe(401);
  const { email, username, password, display_name } = user;
  const again = { email, username, password, display_name };
  expect((await auth.call('POST', '/v1/auth/register', { body: again })).status).toBe(201);
});

it('of ten concurrent logins, none outlives the deletion', async () => {
  const user = await registerSomeone(auth);
  const [deleted, ...logins] = await Promise.all([
    deleteMe(auth, user.token),
    ...Array.from({ length: 10 }, () => login(auth, user)),
  ]);
  expect(deleted.status).toBe(202);
  for (const reply of logins.filter(({ status }) => status === 200)) {
    const { access_token: token } = Tokens.parse(reply.body.data);
    expect((await auth.call('GET', '/v1/users/me', { token })).status).toBe(401);
  }
});

it('may be cancelled within the grace period, after a new login', async () => {
  const user = await registerSomeone(graceful);
  expect((await deleteMe(graceful, user.token)).status).toBe(202);
  expect((await graceful.call('GET', '/v1/users/me', { token: user.token })).status).toBe(401);
  const { access_token: token } = Tokens.parse((await login(graceful, user)).body.data);
  const cancel = () => graceful.call('DELETE', '/v1/users/me/deletion', { token });
  expect((await cancel()).body.data).toEqual({ cancelled: true });
  expect((await cancel()).body.data).toEqual({ cancelled: false });
  expect((await login(graceful, user)).status).toBe(200);
});

it('begins when the grace period is over, and ends the sessions since', async () => {
  const user = await registerSomeone(graceful);
  await deleteMe(graceful, user.token);
  const { access_token: token } = Tokens.parse((await login(graceful, user)).body.data);
  await rowsOf(graceful, 'UPDATE auth.account_deletions SET due_at = now() WHERE user_id = $1', [
    user.userId,
  ]);
  await eventually(
    async () => {
      const reply = await graceful.call('GET', '/v1/users/me', { token });
      expect(reply.status).toBe(401);
    },
    { timeoutMs: 20_000 },
  );
  expect((await login(graceful, user)).status).toBe(401);
});
