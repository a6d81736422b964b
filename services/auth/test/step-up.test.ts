import { Tokens } from '@secureconnect/contracts';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requireStepUp } from '../src/require-step-up.ts';
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

async function register() {
  const user = await registerSomeone(auth);
  const { token } = user;
  const stepUp = (password: string) =>
    auth.call('POST', '/v1/auth/step-up', { token, body: { password } });
  return { ...user, stepUp };
}

const isAllowed = (sessionId: string): Promise<boolean> =>
  database.transaction(async (sql) => {
    await requireStepUp(sql, sessionId);
    return true;
  });

const age = (sessionId: string, seconds: number) =>
  database.execute(
    `UPDATE auth.sessions SET created_at = created_at - $2 * interval '1 second',
       stepped_up_at = stepped_up_at - $2 * interval '1 second' WHERE session_id = $1`,
    [sessionId, seconds],
  );

const required = expect.objectContaining({ code: 'STEP_UP_REQUIRED' });

it('a fresh sign-in allows sensitive changes for 5 minutes, then a step-up does', async () => {
  const { sessionId, stepUp, password } = await register();
  await age(sessionId, 290);
  expect(await isAllowed(sessionId)).toBe(true);
  await age(sessionId, 20);
  await expect(isAllowed(sessionId)).rejects.toEqual(required);
  expect((await stepUp(password)).status).toBe(200);
  expect(await isAllowed(sessionId)).toBe(true);
  await age(sessionId, 310);
  await expect(isAllowed(sessionId)).rejects.toEqual(required);
});

it('a step-up is for its session alone, and an ended session has none', async () => {
  const user = await register();
  const body = { email: user.email, password: user.password };
  const { data } = (await auth.call('POST', '/v1/auth/login', { body })).body;
  const otherId = Tokens.parse(data).refresh_token.split('.')[0] ?? '';
  await age(user.sessionId, 310);
  await age(otherId, 310);
  expect((await user.stepUp(user.password)).status).toBe(200);
  await expect(isAllowed(otherId)).rejects.toEqual(required);
  expect((await auth.call('POST', '/v1/auth/logout', { token: user.token })).status).toBe(200);
  await expect(isAllowed(user.sessionId)).rejects.toEqual(required);
});

it('wrong passwords change nothing and lock the account as failed logins do', async () => {
  const { sessionId, stepUp, email, password } = await register();
  await age(sessionId, 310);
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    expect((await stepUp('a wrong password')).status).toBe(401);
  }
  expect((await stepUp(password)).status).toBe(423);
  const login = await auth.call('POST', '/v1/auth/login', { body: { email, password } });
  expect(login.status).toBe(423);
  await expect(isAllowed(sessionId)).rejects.toEqual(required);
});
