import { PasskeyDevice } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAuth, type TestAuth } from './harness.ts';
import {
  addPasskey,
  age,
  optionsOf,
  removePasskey,
  signIn,
  someoneWithPasskey,
  startSignIn,
  tokenOf,
} from './passkey-people.ts';
import { rowsOf } from './rows.ts';
import { factorPath, registerWithFactor } from './second-factor-user.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

/** What proved the second factor of the newest entry of the audit log. */
const proofOf = async (token: string) => {
  const { body } = await auth.call('GET', '/v1/users/me/audit?limit=1', { token });
  const [entry] = (body.data as { entries: { action: string; details: object }[] }).entries;
  return [entry?.action, entry?.details];
};

it('with an authenticator app, a passkey signs in without a code, and steps up', async () => {
  const { token, sessionId } = await registerWithFactor(auth);
  const device = new PasskeyDevice();
  expect((await addPasskey(auth, token, device)).status).toBe(201);
  const reply = await signIn(auth, device);
  expect(reply.status, reply.text).toBe(200);
  expect(await proofOf(tokenOf(reply))).toEqual(['signed_in', { second_factor: 'passkey' }]);
  await age(auth, sessionId);
  const start = await auth.call('POST', '/v1/auth/step-up/passkey/start', { token });
  const body = { credential: device.sign(optionsOf(start)) };
  const path = '/v1/auth/step-up/passkey/finish';
  expect((await auth.call('POST', path, { token, body })).status).toBe(200);
  expect(await proofOf(token)).toEqual(['stepped_up', { second_factor: 'passkey' }]);
  expect((await auth.call('DELETE', factorPath, { token })).status).toBe(200);
});

it('with an authenticator app, adding a passkey needs its code, if the step-up is old', async () => {
  const { token, sessionId, password } = await registerWithFactor(auth);
  await age(auth, sessionId);
  const stepUp = await auth.call('POST', '/v1/auth/step-up', { token, body: { password } });
  expect(stepUp.status).toBe(400);
  const start = await auth.call('POST', '/v1/users/me/passkeys/start', { token });
  expect(start.body.error?.code).toBe('STEP_UP_REQUIRED');
});

it('a refused step-up by a passkey allows nothing', async () => {
  const { token, sessionId, device, passkey } = await someoneWithPasskey(auth);
  await age(auth, sessionId);
  const ofSignIn = device.sign(optionsOf(await startSignIn(auth)));
  const body = { credential: ofSignIn };
  const path = '/v1/auth/step-up/passkey/finish';
  expect((await auth.call('POST', path, { token, body })).status).toBe(401);
  const removed = await removePasskey(auth, token, passkey.passkey_id);
  expect(removed.body.error?.code).toBe('STEP_UP_REQUIRED');
});

it('an administrator who resets the factors removes the passkeys too', async () => {
  const [admin, user] = [await someoneWithPasskey(auth), await someoneWithPasskey(auth)];
  await rowsOf(auth, `UPDATE auth.users SET role = 'admin' WHERE user_id = $1`, [admin.userId]);
  const path = `/v1/admin/users/${user.userId}/reset-factors`;
  const reset = await auth.call('POST', path, { token: admin.token });
  expect(reset.body.data).toEqual({ user_id: user.userId, factors_removed: 1 });
  expect((await signIn(auth, user.device)).status).toBe(401);
  expect((await signIn(auth, admin.device)).status).toBe(200);
});
