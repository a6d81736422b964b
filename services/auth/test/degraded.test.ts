import { Tokens } from '@secureconnect/contracts';
import { eventually, redisFaults } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerSomeone, someone, startAuth, type TestAuth } from './harness.ts';
import { newDeviceKeys, newOneTimeKeys } from './keys-fixture.ts';

const wholeBody = (operation: string): string =>
  `{"error":"SERVICE_DEGRADED","code":"redis_unavailable","mode":"degraded","message":"${operation} is operating in degraded mode due to Redis unavailability"}`;

/** Waits until the flag says what it should. */
const untilDegraded = (auth: TestAuth, degraded: boolean) =>
  eventually(async () => {
    const reply = await auth.call('GET', '/v1/degraded');
    expect(reply.body.data?.['degraded']).toBe(degraded);
  });

describe.each(redisFaults)('auth while Redis is $name', (fault) => {
  let auth: TestAuth;
  beforeAll(async () => {
    auth = await startAuth();
  });
  afterAll(() => auth[Symbol.asyncDispose]());

  it('does what each row declares, at once, throughout and after', {
    timeout: 40_000,
  }, async () => {
    const user = await registerSomeone(auth);
    const loggedIn = await registerSomeone(auth);
    const loggedOut = await registerSomeone(auth);
    await auth.call('POST', '/v1/auth/logout', { token: loggedOut.access_token });

    const device = { token: loggedIn.access_token };
    await auth.call('PUT', '/v1/keys/device', { ...device, body: newDeviceKeys() });
    let keyId = 0;
    /** Uploads a key and takes it: the device would be told that it has none left. */
    const takeLastKey = async () => {
      keyId += 1;
      const body = { keys: newOneTimeKeys(1, keyId) };
      await auth.call('POST', '/v1/keys/one-time', { ...device, body });
      const { access_token: token } = user;
      return auth.call('POST', `/v1/keys/users/${loggedIn.userId}/bundles`, { token });
    };

    const expectDeclared = async (): Promise<void> => {
      const refusals = [
        ['login', '/v1/auth/login', { email: user.email, password: user.password }],
        ['refresh', '/v1/auth/refresh', { refresh_token: user.refresh_token }],
        ['logout', '/v1/auth/logout', undefined],
        ['password-reset/request', '/v1/auth/password-reset/request', { email: user.email }],
        [
          'password-reset/confirm',
          '/v1/auth/password-reset/confirm',
          { token: 'x', new_password: 'another password' },
        ],
      ] as const;
      for (const [operation, path, body] of refusals) {
        const token = user.access_token;
        const reply = await auth.call('POST', path, body === undefined ? { token } : { body });
        expect(reply.text).toBe(wholeBody(operation));
        expect(reply.status).toBe(503);
        expect(reply.headers.get('retry-after')).toBe('5');
      }
      const me = await auth.call('GET', '/v1/users/me', { token: user.access_token });
      expect(me.status).toBe(200);
      expect(me.headers.get('x-degraded')).toBe('revocations=snapshot');
      expect(me.body.meta?.degraded).toEqual(['revocations']);

      const lookup = await auth.call('GET', `/v1/users/lookup?username=${user.username}`, {
        token: user.access_token,
      });
      expect(lookup.status).toBe(200);
      expect(lookup.headers.get('x-degraded')).toBe('revocations=snapshot, directory=durable');

      const keys = await takeLastKey();
      expect(keys.status).toBe(200);
      expect(keys.body.data).toMatchObject({
        devices: [{ one_time_pre_key: { key_id: keyId } }],
      });
      expect(keys.headers.get('x-degraded')).toBe('revocations=snapshot, key-notices=skip');

      const made = await auth.call('POST', '/v1/auth/register', { body: someone() });
      expect(made.status).toBe(201);
      expect(made.body.data).toMatchObject({ access_token: '', refresh_token: '', expires_in: 0 });
      expect(made.headers.get('x-degraded')).toBe('directory=skip, new-sessions=skip');

      const revoked = await auth.call('GET', '/v1/users/me', { token: loggedOut.access_token });
      expect(revoked.status).toBe(401);
    };

    await fault.begin(auth.redis);
    await expectDeclared();
    await untilDegraded(auth, true);
    await expectDeclared();
    const metrics = await fetch(`${auth.url}/metrics`).then((reply) => reply.text());
    expect(metrics).toContain('redis_degraded_mode{service="auth-service"} 1');

    await fault.end(auth.redis);
    await untilDegraded(auth, false);
    const after = await fetch(`${auth.url}/metrics`).then((reply) => reply.text());
    expect(after).toContain('redis_degraded_mode{service="auth-service"} 0');
    const revoked = await auth.call('GET', '/v1/users/me', { token: loggedOut.access_token });
    expect(revoked.status).toBe(401);
    const refreshed = await auth.call('POST', '/v1/auth/refresh', {
      body: { refresh_token: user.refresh_token },
    });
    expect(refreshed.status).toBe(200);
    expect(refreshed.headers.get('x-degraded')).toBeNull();
  });
});

describe('stateless login', () => {
  it('gives a short token marked deg, and locks locally', async () => {
    await using auth = await startAuth({ ENABLE_STATELESS_AUTH: 'true' });
    const user = await registerSomeone(auth);
    await auth.redis.kill();
    await untilDegraded(auth, true);
    const body = { email: user.email, password: user.password };
    const reply = await auth.call('POST', '/v1/auth/login', { body });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('x-degraded')).toBe('failed-logins=local, new-sessions=local');
    const tokens = Tokens.parse(reply.body.data);
    expect(tokens).toMatchObject({ refresh_token: '', expires_in: 300 });
    const claims = JSON.parse(
      Buffer.from(tokens.access_token.split('.')[1] ?? '', 'base64url').toString(),
    );
    expect(claims.deg).toBe(true);
    expect(claims.exp - claims.iat).toBe(300);
    const me = await auth.call('GET', '/v1/users/me', { token: tokens.access_token });
    expect(me.status).toBe(200);

    const wrong = { email: someone().email, password: 'wrong' };
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      expect((await auth.call('POST', '/v1/auth/login', { body: wrong })).status).toBe(401);
    }
    expect((await auth.call('POST', '/v1/auth/login', { body: wrong })).status).toBe(423);

    // Merged back: what was counted during the outage is in the Redis that comes back empty.
    await auth.redis.restart({ empty: true });
    await untilDegraded(auth, false);
    expect((await auth.call('POST', '/v1/auth/login', { body: wrong })).status).toBe(423);
    expect((await auth.call('POST', '/v1/auth/login', { body })).status).toBe(200);
  });
});

describe('with ENABLE_REDIS_FALLBACK=false', () => {
  it('fails every row closed that uses a port', async () => {
    await using auth = await startAuth({ ENABLE_REDIS_FALLBACK: 'false' });
    const user = await registerSomeone(auth);
    await auth.redis.kill();
    await untilDegraded(auth, true);
    const me = await auth.call('GET', '/v1/users/me', { token: user.access_token });
    expect(me.text).toBe(wholeBody('users/me'));
    expect(me.status).toBe(503);
    const made = await auth.call('POST', '/v1/auth/register', { body: someone() });
    expect(made.text).toBe(wholeBody('register'));
  });
});
