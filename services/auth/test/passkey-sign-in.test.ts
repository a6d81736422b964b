import { PasskeyDevice } from '@secureconnect/testkit';
import { jwtSecret } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { passkeySettings } from '../src/passkeys/challenges.ts';
import { registerSomeone, startAuth, type TestAuth } from './harness.ts';
import {
  age,
  countOf,
  finishSignIn,
  optionsOf,
  removePasskey,
  signIn,
  someoneWithPasskey,
  startSignIn,
  tokenOf,
} from './passkey-people.ts';
import { rowsOf } from './rows.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

describe('signing in', () => {
  it('is refused alike for a passkey that is unknown, and for one that was removed', async () => {
    const { token, device, passkey } = await someoneWithPasskey(auth);
    const stranger = new PasskeyDevice();
    const start = await auth.call('POST', '/v1/users/me/passkeys/start', { token });
    stranger.create(optionsOf(start));
    const unknown = await signIn(auth, stranger);
    expect((await removePasskey(auth, token, passkey.passkey_id)).status).toBe(200);
    const removed = await signIn(auth, device);
    expect([unknown.status, removed.status]).toEqual([401, 401]);
    expect(unknown.body.error).toEqual(removed.body.error);
  });

  it('is refused if the browser’s part was changed, which the device has signed', async () => {
    const { device } = await someoneWithPasskey(auth);
    const answer = device.sign(optionsOf(await startSignIn(auth)));
    const clientData = JSON.parse(
      Buffer.from(answer.response.clientDataJSON, 'base64url').toString(),
    );
    const forged = (change: object) => ({
      ...answer,
      response: {
        ...answer.response,
        clientDataJSON: Buffer.from(JSON.stringify({ ...clientData, ...change })).toString(
          'base64url',
        ),
      },
    });
    const forgeries = [
      { origin: 'http://localhost:9999' },
      { type: 'webauthn.create' },
      { crossOrigin: true },
      { challenge: 'AAAA' },
      {},
    ];
    const statuses = [];
    for (const change of forgeries) {
      statuses.push((await finishSignIn(auth, forged(change))).status);
    }
    // The last one is the answer itself.
    expect(statuses).toEqual([401, 401, 401, 401, 200]);
  });

  it('is refused for a signature by a different key under this id', async () => {
    const [ada, bob] = [await someoneWithPasskey(auth), await someoneWithPasskey(auth)];
    const answer = bob.device.sign(optionsOf(await startSignIn(auth)));
    const { id, rawId } = ada.device.sign(optionsOf(await startSignIn(auth)));
    expect((await finishSignIn(auth, { ...answer, id, rawId })).status).toBe(401);
    const { userHandle: _of, ...response } = answer.response;
    expect((await finishSignIn(auth, { ...answer, id, rawId, response })).status).toBe(401);
  });

  it('an answer is good once, and not for long', async () => {
    const { device, userId } = await someoneWithPasskey(auth);
    const answer = device.sign(optionsOf(await startSignIn(auth)));
    expect((await finishSignIn(auth, answer)).status).toBe(200);
    expect((await finishSignIn(auth, answer)).status).toBe(401);
    const late = device.sign(optionsOf(await startSignIn(auth)));
    await rowsOf(auth, 'UPDATE auth.passkey_challenges SET expires_at = now()');
    expect((await finishSignIn(auth, late)).status).toBe(401);
    expect(await countOf(auth, 'auth.sessions', userId)).toBe(2);
  });

  it.each([0, -1])(
    'is refused if the counter grew by %i, and counts as a failure',
    async (step) => {
      const { device, email, userId } = await someoneWithPasskey(auth);
      expect((await signIn(auth, device)).status).toBe(200);
      expect((await signIn(auth, device)).status).toBe(200);
      const copy = device.sign(optionsOf(await startSignIn(auth)), step);
      expect((await finishSignIn(auth, copy)).status).toBe(401);
      expect(await countOf(auth, 'auth.sessions', userId)).toBe(3);
      expect(auth.logLines.join()).toContain('passkey_counter_refused');
      expect(auth.logLines.join()).not.toContain(email);
    },
  );

  it('goes on with a device that does not count', async () => {
    const { device } = await someoneWithPasskey(auth);
    for (let round = 0; round < 2; round += 1) {
      const answer = device.sign(optionsOf(await startSignIn(auth)), 0);
      expect((await finishSignIn(auth, answer)).status).toBe(200);
    }
  });

  it('is refused while the account is locked, or disabled', async () => {
    const { device, email, userId } = await someoneWithPasskey(auth);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const body = { email, password: 'a wrong password' };
      await auth.call('POST', '/v1/auth/login', { body });
    }
    expect((await signIn(auth, device)).status).toBe(423);
    const other = await someoneWithPasskey(auth);
    await rowsOf(auth, 'UPDATE auth.users SET disabled_at = now() WHERE user_id = $1', [
      other.userId,
    ]);
    expect((await signIn(auth, other.device)).status).toBe(401);
    expect(await countOf(auth, 'auth.sessions', userId)).toBe(1);
  });

  it('is refused without a verified address, if one is required', async () => {
    await using strict = await startAuth({ REQUIRE_VERIFIED_EMAIL: 'true' }, {}, auth);
    const { device, userId } = await someoneWithPasskey(auth);
    const refused = await signIn(strict, device);
    expect([refused.status, refused.body.error?.code]).toEqual([403, 'EMAIL_NOT_VERIFIED']);
    await rowsOf(auth, 'UPDATE auth.users SET email_verified_at = now() WHERE user_id = $1', [
      userId,
    ]);
    expect((await signIn(strict, device)).status).toBe(200);
  });

  it('does not exist where passkeys are not set up', async () => {
    const passkeys = passkeySettings(undefined, jwtSecret);
    await using without = await startAuth({}, { passkeys }, auth);
    const { token, device } = await someoneWithPasskey(auth);
    const answer = device.sign(optionsOf(await startSignIn(auth)));
    const start = await without.call('POST', '/v1/users/me/passkeys/start', { token });
    const replies = [await startSignIn(without), await finishSignIn(without, answer), start];
    expect(replies.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  it('an address has at most a hundred challenges', async () => {
    for (let begun = 0; begun < 105; begun += 1) await startSignIn(auth);
    const [row] = await rowsOf(
      auth,
      `SELECT count(*) AS count FROM auth.passkey_challenges WHERE purpose = 'sign in'`,
    );
    expect(Number(row?.['count'])).toBe(100);
  });
});

describe('stepping up', () => {
  const begin = (token: string) => auth.call('POST', '/v1/auth/step-up/passkey/start', { token });
  const finish = (token: string, credential: unknown) =>
    auth.call('POST', '/v1/auth/step-up/passkey/finish', { token, body: { credential } });

  it('allows a sensitive change, once for each answer', async () => {
    const { token, sessionId, device, passkey } = await someoneWithPasskey(auth);
    await age(auth, sessionId);
    expect((await removePasskey(auth, token, passkey.passkey_id)).body.error?.code).toBe(
      'STEP_UP_REQUIRED',
    );
    const answer = device.sign(optionsOf(await begin(token)));
    expect((await finish(token, answer)).status).toBe(200);
    expect((await finish(token, answer)).status).toBe(401);
    expect((await removePasskey(auth, token, passkey.passkey_id)).status).toBe(200);
  });

  it('takes a passkey of this user, and the challenge of this session alone', async () => {
    const [ada, bob] = [await someoneWithPasskey(auth), await someoneWithPasskey(auth)];
    const options = { ...optionsOf(await begin(ada.token)), allowCredentials: [] };
    expect((await finish(ada.token, bob.device.sign(options))).status).toBe(401);
    const other = tokenOf(await signIn(auth, ada.device));
    const answer = ada.device.sign(optionsOf(await begin(ada.token)));
    expect((await finish(other, answer)).status).toBe(401);
    const ofSignIn = ada.device.sign(optionsOf(await startSignIn(auth)));
    expect((await finish(ada.token, ofSignIn)).status).toBe(401);
    expect((await finish(ada.token, answer)).status).toBe(200);
  });

  it('is refused without a passkey', async () => {
    const { access_token: token } = await registerSomeone(auth);
    expect((await begin(token)).status).toBe(409);
  });
});
