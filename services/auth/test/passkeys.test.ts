import { MAX_PASSKEYS, Passkey, Tokens } from '@secureconnect/contracts';
import { eventually, PasskeyDevice } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerSomeone, startAuth, type TestAuth } from './harness.ts';
import {
  addPasskey,
  age,
  countOf,
  optionsOf,
  removePasskey,
  signIn,
  someoneWithPasskey,
  tokenOf,
} from './passkey-people.ts';
import { rowsOf } from './rows.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const passkeysOf = async (token: string) => {
  const { body } = await auth.call('GET', '/v1/users/me/passkeys', { token });
  return (body.data as { passkeys: unknown[] }).passkeys.map((one) => Passkey.parse(one));
};
const remove = (token: string, id: string) => removePasskey(auth, token, id);

describe('adding', () => {
  it('asks for a verified user and a key that the device finds by itself', async () => {
    const { access_token: token, user } = await registerSomeone(auth);
    const reply = await auth.call('POST', '/v1/users/me/passkeys/start', { token });
    expect(reply.status).toBe(201);
    expect(optionsOf(reply)).toMatchObject({
      rp: { id: 'localhost' },
      user: { name: user.username, displayName: user.display_name },
      pubKeyCredParams: [{ alg: -8 }, { alg: -7 }, { alg: -257 }],
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    expect(JSON.stringify(reply.body)).not.toContain(user.email);
  });

  it.each(['ES256', 'RS256', 'EdDSA'] as const)('a key of %s signs in', async (algorithm) => {
    const { device, userId, passkey } = await someoneWithPasskey(auth, { algorithm });
    const reply = await signIn(auth, device);
    expect(reply.status, reply.text).toBe(200);
    expect(Tokens.parse(reply.body.data).user.user_id).toBe(userId);
    const [listed] = await passkeysOf(tokenOf(reply));
    expect(passkey.last_used_at).toBeNull();
    expect(listed).toMatchObject({
      passkey_id: passkey.passkey_id,
      last_used_at: expect.any(String),
    });
  });

  it('is recorded, and a mail tells the user', async () => {
    const { email, token, passkey } = await someoneWithPasskey(auth);
    const { body } = await auth.call('GET', '/v1/users/me/audit', { token });
    expect(JSON.stringify(body.data)).toContain(passkey.passkey_id);
    await eventually(async () => {
      expect((await auth.mailsTo(email)).join()).toContain('A passkey was added to your');
    });
  });

  it('needs a step-up, at its start and at its end', async () => {
    const { access_token: token, refresh_token } = await registerSomeone(auth);
    const sessionId = refresh_token.split('.')[0] ?? '';
    const start = await auth.call('POST', '/v1/users/me/passkeys/start', { token });
    const body = { credential: new PasskeyDevice().create(optionsOf(start)) };
    await age(auth, sessionId);
    const replies = [
      await auth.call('POST', '/v1/users/me/passkeys/finish', { token, body }),
      await auth.call('POST', '/v1/users/me/passkeys/start', { token }),
    ];
    for (const reply of replies) expect(reply.body.error?.code).toBe('STEP_UP_REQUIRED');
    expect(await passkeysOf(token)).toEqual([]);
  });

  it('has an end, and a device that has one is told', async () => {
    const { token, userId, device } = await someoneWithPasskey(auth);
    const again = await auth.call('POST', '/v1/users/me/passkeys/start', { token });
    expect(() => device.create(optionsOf(again))).toThrow(/exclude/i);
    for (let count = 1; count < MAX_PASSKEYS; count += 1) {
      expect((await addPasskey(auth, token, new PasskeyDevice())).status).toBe(201);
    }
    const refused = await auth.call('POST', '/v1/users/me/passkeys/start', { token });
    expect([refused.status, refused.body.error?.message]).toEqual([
      409,
      `An account has at most ${MAX_PASSKEYS} passkeys; remove one first.`,
    ]);
    expect(await countOf(auth, 'auth.passkeys', userId)).toBe(MAX_PASSKEYS);
  });

  it.each([
    ['a page of a different origin', { origin: 'http://localhost:9999' }],
    ['a device that did not verify its user', { verifiesUser: false }],
  ])('%s is refused', async (_, options) => {
    const { access_token: token } = await registerSomeone(auth);
    const reply = await addPasskey(auth, token, new PasskeyDevice(options));
    expect([reply.status, reply.body.error?.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(await passkeysOf(token)).toEqual([]);
  });

  it('a key for a different place is refused', async () => {
    const { access_token: token } = await registerSomeone(auth);
    const start = await auth.call('POST', '/v1/users/me/passkeys/start', { token });
    const phished = { ...optionsOf(start), rp: { id: 'evil.example', name: 'SecureConnect' } };
    const body = {
      credential: new PasskeyDevice({ origin: 'https://evil.example' }).create(phished),
    };
    const reply = await auth.call('POST', '/v1/users/me/passkeys/finish', { token, body });
    expect(reply.status).toBe(400);
  });

  it('an answer is good once, for its session, and not for long', async () => {
    const [ada, bob] = [await registerSomeone(auth), await registerSomeone(auth)];
    const answer = async () => {
      const token = ada.access_token;
      const start = await auth.call('POST', '/v1/users/me/passkeys/start', { token });
      return { credential: new PasskeyDevice().create(optionsOf(start)) };
    };
    const finish = (token: string, body: object) =>
      auth.call('POST', '/v1/users/me/passkeys/finish', { token, body });
    const first = await answer();
    expect((await finish(bob.access_token, first)).status).toBe(400);
    expect((await finish(ada.access_token, first)).status).toBe(201);
    expect((await finish(ada.access_token, first)).status).toBe(400);
    const late = await answer();
    await rowsOf(auth, 'UPDATE auth.passkey_challenges SET expires_at = now()');
    expect((await finish(ada.access_token, late)).status).toBe(400);
    expect(await passkeysOf(ada.access_token)).toHaveLength(1);
  });
});

describe('the list', () => {
  it('names, renames and removes, and is nobody else’s', async () => {
    const [ada, bob] = [await registerSomeone(auth), await registerSomeone(auth)];
    const added = await addPasskey(auth, ada.access_token, new PasskeyDevice(), 'Yellow key');
    const { passkey_id: id, name } = Passkey.parse(added.body.data);
    expect(name).toBe('Yellow key');
    const rename = (token: string) =>
      auth.call('PATCH', `/v1/users/me/passkeys/${id}`, { token, body: { name: 'Blue key' } });
    expect((await rename(bob.access_token)).status).toBe(404);
    expect((await remove(bob.access_token, id)).status).toBe(404);
    expect((await rename(ada.access_token)).status).toBe(200);
    expect(await passkeysOf(ada.access_token)).toMatchObject([
      { passkey_id: id, name: 'Blue key' },
    ]);
    expect((await remove(ada.access_token, id)).status).toBe(200);
    expect((await remove(ada.access_token, id)).status).toBe(404);
    expect(await passkeysOf(ada.access_token)).toEqual([]);
    await eventually(async () => {
      expect((await auth.mailsTo(ada.email)).join()).toContain('A passkey was removed from your');
    });
  });

  it('is a way to sign in beside linked ones: one may be unlinked, the last one stays', async () => {
    const { token, userId, passkey } = await someoneWithPasskey(auth);
    const identity = crypto.randomUUID();
    await rowsOf(auth, 'UPDATE auth.users SET password_hash = NULL WHERE user_id = $1', [userId]);
    await rowsOf(
      auth,
      `INSERT INTO auth.linked_identities (identity_id, user_id, provider, issuer, subject)
       VALUES ($1, $2, 'acme', 'https://acme.example', $3)`,
      [identity, userId, userId],
    );
    const unlink = await auth.call('DELETE', `/v1/users/me/identities/${identity}`, { token });
    expect(unlink.status, unlink.text).toBe(200);
    const last = await remove(token, passkey.passkey_id);
    expect([last.status, last.body.error?.code]).toEqual([409, 'CONFLICT']);
    expect(await passkeysOf(token)).toHaveLength(1);
  });

  it('keeps the last way to sign in, also from two that remove at once', async () => {
    const { token, userId, passkey } = await someoneWithPasskey(auth);
    const second = await addPasskey(auth, token, new PasskeyDevice());
    const { passkey_id: other } = Passkey.parse(second.body.data);
    await rowsOf(auth, 'UPDATE auth.users SET password_hash = NULL WHERE user_id = $1', [userId]);
    const replies = await Promise.all([remove(token, passkey.passkey_id), remove(token, other)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await passkeysOf(token)).toHaveLength(1);
  });
});
