import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuth, type TestAuth } from './harness.ts';
import { rowsOf } from './rows.ts';
import {
  challengeOf,
  confirm,
  enrol,
  type FactorUser,
  factorPath,
  finish,
  forgetUsedStep,
  logIn,
  registerPerson,
  registerWithFactor,
  tokenOf,
} from './second-factor-user.ts';
import { totpCode } from './totp-code.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const stepUp = (token: string, body: object) =>
  auth.call('POST', '/v1/auth/step-up', { token, body });

/** Lets the sign-in and the step-up of every session of a user be six minutes older. */
const age = ({ userId }: FactorUser) =>
  rowsOf(
    auth,
    `UPDATE auth.sessions SET created_at = created_at - interval '6 minutes',
       stepped_up_at = stepped_up_at - interval '6 minutes' WHERE user_id = $1`,
    [userId],
  );

/** Sensitive requests of a session, by what they change. */
const sensitive: Readonly<Record<string, (user: FactorUser, token: string) => Promise<number>>> = {
  'the password': async ({ password }, token) => {
    const body = { current_password: password, new_password: 'purple monkey dishwasher 9' };
    return (await auth.call('POST', '/v1/users/me/password', { token, body })).status;
  },
  'the address': async ({ email }, token) => {
    const body = { new_email: `new-${email}` };
    return (await auth.call('POST', '/v1/users/me/email', { token, body })).status;
  },
  'the recovery codes': async (_user, token) =>
    (await auth.call('POST', `${factorPath}/recovery-codes`, { token })).status,
  'the factor': async (_user, token) => (await auth.call('DELETE', factorPath, { token })).status,
  'the account': async (_user, token) =>
    (await auth.call('DELETE', '/v1/users/me', { token })).status,
};

describe.each(Object.entries(sensitive))('a change of %s', (_what, change) => {
  it('needs the second factor within five minutes, also with the right password', async () => {
    const user = await registerWithFactor(auth);
    await age(user);
    expect(await change(user, user.token)).toBe(403);
    expect((await stepUp(user.token, { password: user.password })).status).toBe(400);
    expect(await change(user, user.token)).toBe(403);
    const reply = await stepUp(user.token, { code: totpCode(user.secret) });
    expect(reply.status, reply.text).toBe(200);
    expect(await change(user, user.token)).toBeLessThan(300);
  });
});

it('a session that was open when the factor was added must prove it first', async () => {
  const user = await registerPerson(auth);
  const stolen = tokenOf(await logIn(auth, user));
  expect((await stepUp(stolen, { password: user.password })).status).toBe(200);
  const { secret } = await enrol(auth, user.token);
  expect((await confirm(auth, user.token, totpCode(secret))).status).toBe(200);
  await forgetUsedStep(auth, user.userId);
  const remove = (token: string) => auth.call('DELETE', factorPath, { token });
  expect((await remove(stolen)).status).toBe(403);
  expect((await stepUp(stolen, { code: totpCode(secret) })).status).toBe(200);
  expect((await remove(stolen)).status).toBe(200);
  // Without a factor the password counts again.
  expect((await stepUp(stolen, { password: user.password })).status).toBe(200);
});

it('a code that was used steps up no session', async () => {
  const user = await registerWithFactor(auth);
  const used = [{ code: totpCode(user.secret) }, { recovery_code: user.recoveryCodes[0] }];
  for (const proof of used) expect((await stepUp(user.token, proof)).status).toBe(200);
  await age(user);
  const before = await auth.call('POST', `${factorPath}/recovery-codes`, { token: user.token });
  expect(before.status).toBe(403);
  for (const proof of used) {
    expect((await stepUp(user.token, proof)).status).toBe(401);
    const after = await auth.call('POST', `${factorPath}/recovery-codes`, { token: user.token });
    expect([after.status, after.body.error?.code]).toEqual([403, 'STEP_UP_REQUIRED']);
  }
});

it('a step-up of a session that has ended spends no code', async () => {
  const user = await registerWithFactor(auth);
  const body = { code: totpCode(user.secret) };
  await rowsOf(auth, 'UPDATE auth.sessions SET ended_at = now() WHERE session_id = $1', [
    user.sessionId,
  ]);
  expect((await stepUp(user.token, body)).status).toBe(401);
  expect((await finish(auth, await challengeOf(auth, user), body)).status).toBe(200);
});

it('a code is good for one step-up or sign-in, a recovery code too', async () => {
  const user = await registerWithFactor(auth);
  const code = totpCode(user.secret);
  expect((await stepUp(user.token, { code })).status).toBe(200);
  expect((await stepUp(user.token, { code })).status).toBe(401);
  expect((await finish(auth, await challengeOf(auth, user), { code })).status).toBe(401);
  const recovery = { recovery_code: user.recoveryCodes[0] ?? '' };
  expect((await stepUp(user.token, recovery)).status).toBe(200);
  expect((await stepUp(user.token, recovery)).status).toBe(401);
});

it.each(['a used one', 'a wrong one'])('a step-up by %s allows nothing', async (which) => {
  const user = await registerWithFactor(auth);
  const [first = ''] = user.recoveryCodes;
  expect((await stepUp(user.token, { recovery_code: first })).status).toBe(200);
  await age(user);
  const code = which === 'a used one' ? first : 'a'.repeat(24);
  expect((await stepUp(user.token, { recovery_code: code })).status).toBe(401);
  expect((await auth.call('DELETE', factorPath, { token: user.token })).status).toBe(403);
});

it('wrong codes of a step-up count for the lockout, the wrong kind of proof does not', async () => {
  const user = await registerWithFactor(auth);
  const wrong = { recovery_code: 'a'.repeat(24) };
  for (let other = 1; other <= 6; other += 1) await stepUp(user.token, { password: 'x' });
  for (let failure = 1; failure <= 5; failure += 1) {
    expect((await stepUp(user.token, wrong)).status).toBe(401);
  }
  expect((await stepUp(user.token, { code: totpCode(user.secret) })).status).toBe(423);
  expect((await logIn(auth, user)).status).toBe(423);
});

it.each([{}, { password: 'x', code: '123456' }, { code: 'abc' }])(
  'answers 400 to %j',
  async (body) => {
    const { token } = await registerPerson(auth);
    const reply = await stepUp(token, body);
    expect([reply.status, reply.body.error?.code]).toEqual([400, 'VALIDATION_ERROR']);
  },
);

it('a code of an account without a factor is wrong', async () => {
  const { token } = await registerPerson(auth);
  expect((await stepUp(token, { code: '123456' })).status).toBe(401);
  expect((await stepUp(token, { recovery_code: 'a'.repeat(24) })).status).toBe(401);
});
