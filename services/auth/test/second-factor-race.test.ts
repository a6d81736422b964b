import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAuth, type TestAuth } from './harness.ts';
import { rowsOf } from './rows.ts';
import {
  challengeOf,
  type FactorUser,
  finish,
  registerWithFactor,
  sessionsOf,
} from './second-factor-user.ts';
import { totpCode } from './totp-code.ts';

let one: TestAuth;
let other: TestAuth;
beforeAll(async () => {
  one = await startAuth();
  other = await startAuth({}, {}, one);
});
afterAll(async () => {
  await other[Symbol.asyncDispose]();
  await one[Symbol.asyncDispose]();
});

type Code = { readonly code: string } | { readonly recovery_code: string };

/** Sends one code four times at once, to two instances, each with a challenge of its own. */
async function race(user: FactorUser, code: Code): Promise<number[]> {
  const challenges = await Promise.all([1, 2, 3, 4].map(() => challengeOf(one, user)));
  const replies = await Promise.all(
    challenges.map((challenge, index) => finish(index % 2 === 0 ? one : other, challenge, code)),
  );
  return replies.map(({ status }) => status).toSorted();
}

it.each([1, 2, 3])('one code at two instances at once starts one session (%i)', async () => {
  const user = await registerWithFactor(one);
  expect(await race(user, { code: totpCode(user.secret) })).toEqual([200, 401, 401, 401]);
  expect(await sessionsOf(one, user.userId)).toBe(2);
});

it('one recovery code at two instances at once starts one session, and is recorded once', async () => {
  const user = await registerWithFactor(one);
  const [code = ''] = user.recoveryCodes;
  expect(await race(user, { recovery_code: code })).toEqual([200, 401, 401, 401]);
  expect(await sessionsOf(one, user.userId)).toBe(2);
  const left = await rowsOf(one, 'SELECT 1 FROM auth.recovery_codes WHERE user_id = $1', [
    user.userId,
  ]);
  expect(left).toHaveLength(9);
  // The mail is written with it.
  const uses = await rowsOf(
    one,
    `SELECT 1 FROM auth.audit_entries WHERE user_id = $1 AND action = 'recovery_code_used'`,
    [user.userId],
  );
  expect(uses).toHaveLength(1);
});

it('one challenge with two good codes at once starts one session, and spends one code', async () => {
  const user = await registerWithFactor(one);
  const challenge = await challengeOf(one, user);
  const [first, second] = user.recoveryCodes;
  const replies = await Promise.all([
    finish(one, challenge, { recovery_code: first }),
    finish(other, challenge, { recovery_code: second }),
  ]);
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 401]);
  const left = await rowsOf(one, 'SELECT 1 FROM auth.recovery_codes WHERE user_id = $1', [
    user.userId,
  ]);
  expect(left).toHaveLength(9);
});

it('a sign-in and a step-up with one code at once are one of the two', async () => {
  const user = await registerWithFactor(one);
  const [challenge, code] = [await challengeOf(one, user), totpCode(user.secret)];
  const replies = await Promise.all([
    finish(one, challenge, { code }),
    other.call('POST', '/v1/auth/step-up', { token: user.token, body: { code } }),
  ]);
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 401]);
});

it('one code for many step-ups of a session at once steps it up once', async () => {
  const user = await registerWithFactor(one);
  const body = { code: totpCode(user.secret) };
  const replies = await Promise.all(
    [one, other, one, other].map((auth) =>
      auth.call('POST', '/v1/auth/step-up', { token: user.token, body }),
    ),
  );
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401]);
});
