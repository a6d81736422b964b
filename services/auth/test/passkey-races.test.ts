import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAuth, type TestAuth } from './harness.ts';
import {
  age,
  countOf,
  finishSignIn,
  optionsOf,
  someoneWithPasskey,
  startSignIn,
} from './passkey-people.ts';

let auth: TestAuth;
let other: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
  other = await startAuth({}, {}, auth);
});
afterAll(async () => {
  await other[Symbol.asyncDispose]();
  await auth[Symbol.asyncDispose]();
});

/** The same request ten times at once, at both instances in turn; the statuses in their order. */
async function tenAtOnce(send: (at: TestAuth) => Promise<{ readonly status: number }>) {
  const replies = await Promise.all(
    Array.from({ length: 10 }, (_, index) => send(index % 2 === 0 ? auth : other)),
  );
  return replies.map(({ status }) => status).toSorted((a, b) => a - b);
}

it('one answer, ten times at two instances, starts one session', async () => {
  const { device, userId } = await someoneWithPasskey(auth);
  const answer = device.sign(optionsOf(await startSignIn(auth)));
  const statuses = await tenAtOnce((at) => finishSignIn(at, answer));
  expect(statuses).toEqual([200, ...Array(9).fill(401)]);
  expect(await countOf(auth, 'auth.sessions', userId)).toBe(2);
});

it('of two answers with the same counter, at two instances at once, one starts a session', async () => {
  const { device, userId } = await someoneWithPasskey(auth);
  const first = device.sign(optionsOf(await startSignIn(auth)));
  // As by a copy of the device: the same counter, and a challenge of its own.
  const copy = device.sign(optionsOf(await startSignIn(other)), 0);
  const replies = await Promise.all([finishSignIn(auth, first), finishSignIn(other, copy)]);
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 401]);
  expect(await countOf(auth, 'auth.sessions', userId)).toBe(2);
});

it('one new key, ten times at two instances, is one passkey', async () => {
  const { token, device, userId } = await someoneWithPasskey(auth);
  const start = await auth.call('POST', '/v1/users/me/passkeys/start', { token });
  const credential = device.create({ ...optionsOf(start), excludeCredentials: [] });
  const statuses = await tenAtOnce((at) =>
    at.call('POST', '/v1/users/me/passkeys/finish', { token, body: { credential } }),
  );
  expect(statuses).toEqual([201, ...Array(9).fill(400)]);
  expect(await countOf(auth, 'auth.passkeys', userId)).toBe(2);
});

it('one answer, ten times at two instances, steps up once', async () => {
  const { token, sessionId, device } = await someoneWithPasskey(auth);
  await age(auth, sessionId);
  const start = await auth.call('POST', '/v1/auth/step-up/passkey/start', { token });
  const credential = device.sign(optionsOf(start));
  const statuses = await tenAtOnce((at) =>
    at.call('POST', '/v1/auth/step-up/passkey/finish', { token, body: { credential } }),
  );
  expect(statuses).toEqual([200, ...Array(9).fill(401)]);
});

it('a sign-in and the removal of its passkey: no session starts after the removal', async () => {
  const { token, device, passkey } = await someoneWithPasskey(auth);
  const answer = device.sign(optionsOf(await startSignIn(auth)));
  const [removed, signedIn] = await Promise.all([
    auth.call('DELETE', `/v1/users/me/passkeys/${passkey.passkey_id}`, { token }),
    finishSignIn(other, answer),
  ]);
  expect(removed.status).toBe(200);
  expect([200, 401]).toContain(signedIn.status);
  const late = device.sign(optionsOf(await startSignIn(auth)));
  expect((await finishSignIn(other, late)).status).toBe(401);
});

it.each([
  ['refuse', 503, undefined],
  ['stateless', 200, ''],
  ['durable', 200, expect.stringMatching(/^[0-9a-f-]{36}\./)],
] as const)('while Redis is frozen, %s answers %i', async (setting, status, refreshToken) => {
  await using own = await startAuth({ SIGN_IN_WITHOUT_REDIS: setting });
  const { device, token, userId } = await someoneWithPasskey(own);
  own.redis.freeze();
  await eventually(async () => {
    const { headers } = await own.call('GET', '/v1/users/me', { token });
    expect(headers.get('x-degraded')).not.toBeNull();
  });
  const answer = device.sign(optionsOf(await startSignIn(own)));
  const reply = await finishSignIn(own, answer);
  expect(reply.status, reply.text).toBe(status);
  expect(reply.body.data?.['refresh_token']).toEqual(refreshToken);
  expect(await countOf(own, 'auth.sessions', userId)).toBe(status === 200 ? 2 : 1);
  // A refusal has used nothing up.
  own.redis.thaw();
  await eventually(async () => {
    const again = await finishSignIn(own, answer);
    expect(again.status).toBe(status === 200 ? 401 : 200);
  });
});
