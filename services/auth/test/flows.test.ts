import { Tokens } from '@secureconnect/contracts';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerSomeone, someone, startAuth, type TestAuth } from './harness.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const registered = () => registerSomeone(auth);

const login = (user: { email: string; password: string }) =>
  auth.call('POST', '/v1/auth/login', { body: { email: user.email, password: user.password } });

describe('register', () => {
  it('creates a user and returns tokens that are valid for the profile', async () => {
    const user = await registered();
    const profile = await auth.call('GET', '/v1/auth/profile', { token: user.access_token });
    expect(profile.status).toBe(200);
    expect(profile.body.data).toMatchObject({ email: user.email, username: user.username });
    expect(profile.text).not.toContain('hash');
    expect(user.expires_in).toBe(900);
  });

  it('refuses an address or a name that is taken, in any letter case', async () => {
    const user = await registered();
    const sameEmail = { ...someone(), email: user.email.toUpperCase() };
    const sameName = { ...someone(), username: user.username.toUpperCase() };
    for (const body of [sameEmail, sameName]) {
      const reply = await auth.call('POST', '/v1/auth/register', { body });
      expect(reply.status).toBe(409);
      expect(reply.body.error?.code).toBe('CONFLICT');
    }
  });
});

describe('login', () => {
  it('returns tokens for the right password', async () => {
    const user = await registered();
    const reply = await login(user);
    expect(reply.status).toBe(200);
    expect(Tokens.parse(reply.body.data).user.user_id).toBe(user.user.user_id);
  });

  it('locks known and unknown addresses after five failures', async () => {
    const user = await registered();
    for (const email of [user.email, someone().email]) {
      const wrong = { email, password: 'not the password' };
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        expect((await login(wrong)).status).toBe(401);
      }
      const locked = await login({ ...user, email });
      expect(locked.status).toBe(423);
      expect(locked.body.error?.code).toBe('ACCOUNT_LOCKED');
      expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(890);
    }
  });

  it('forgets failures after a success', async () => {
    const user = await registered();
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      await login({ email: user.email, password: 'not the password' });
    }
    expect((await login(user)).status).toBe(200);
    expect((await login({ email: user.email, password: 'not it' })).status).toBe(401);
    expect((await login(user)).status).toBe(200);
  });
});

describe('refresh', () => {
  const refresh = (token: string) =>
    auth.call('POST', '/v1/auth/refresh', { body: { refresh_token: token } });

  it('rotates: each refresh token has a successor', async () => {
    const user = await registered();
    const first = Tokens.parse((await refresh(user.refresh_token)).body.data);
    const second = await refresh(first.refresh_token);
    expect(second.status).toBe(200);
    expect(Tokens.parse(second.body.data).refresh_token).not.toBe(first.refresh_token);
  });

  it('refuses what was never a token', async () => {
    for (const token of ['x', `${crypto.randomUUID()}.${'a'.repeat(43)}`]) {
      expect((await refresh(token)).status).toBe(401);
    }
  });
});

describe('logout', () => {
  it('revokes the session at once, its other tokens too', async () => {
    const user = await registered();
    const next = Tokens.parse(
      (await auth.call('POST', '/v1/auth/refresh', { body: { refresh_token: user.refresh_token } }))
        .body.data,
    );
    const reply = await auth.call('POST', '/v1/auth/logout', { token: next.access_token });
    expect(reply.body.data).toEqual({ logged_out: true });
    for (const token of [user.access_token, next.access_token]) {
      expect((await auth.call('GET', '/v1/auth/profile', { token })).status).toBe(401);
    }
    const refreshed = await auth.call('POST', '/v1/auth/refresh', {
      body: { refresh_token: next.refresh_token },
    });
    expect(refreshed.status).toBe(401);
  });
});

describe('password reset', () => {
  it('sets a new password by the mailed token, once, and ends every session', async () => {
    const user = await registered();
    const request = { body: { email: user.email } };
    const asked = await auth.call('POST', '/v1/auth/password-reset/request', request);
    expect(asked.body.data).toEqual({ accepted: true });
    const token = await eventually(async () => {
      const [mailed] = await auth.mailedTokens(user.email);
      if (mailed === undefined) throw new Error('no mail yet');
      return mailed;
    });
    const body = { token, new_password: 'another good password' };
    const confirmed = await auth.call('POST', '/v1/auth/password-reset/confirm', { body });
    expect(confirmed.body.data).toEqual({ password_changed: true });
    const profile = await auth.call('GET', '/v1/auth/profile', { token: user.access_token });
    expect(profile.status).toBe(401);
    expect((await login(user)).status).toBe(401);
    expect((await login({ ...user, password: body.new_password })).status).toBe(200);
    const again = await auth.call('POST', '/v1/auth/password-reset/confirm', { body });
    expect(again.status).toBe(400);
  });

  it('has the same reply for an unknown address', async () => {
    const body = { email: someone().email };
    const reply = await auth.call('POST', '/v1/auth/password-reset/request', { body });
    expect(reply.status).toBe(200);
    expect(reply.body.data).toEqual({ accepted: true });
  });
});

describe('users', () => {
  it('shows and changes one’s own profile', async () => {
    const user = await registered();
    const token = user.access_token;
    const changed = await auth.call('PATCH', '/v1/users/me', {
      token,
      body: { display_name: 'Another Name', avatar_url: 'https://example.com/a.png' },
    });
    expect(changed.body.data).toMatchObject({
      display_name: 'Another Name',
      avatar_url: 'https://example.com/a.png',
    });
    const cleared = await auth.call('PATCH', '/v1/users/me', { token, body: { avatar_url: null } });
    expect(cleared.body.data).not.toHaveProperty('avatar_url');
    const me = await auth.call('GET', '/v1/users/me', { token });
    expect(me.body.data).toEqual(cleared.body.data);
  });

  it('finds others by address, by name and by id, without their address', async () => {
    const [me, other] = [await registered(), await registered()];
    const token = me.access_token;
    for (const path of [
      `/v1/users/lookup?email=${encodeURIComponent(other.email)}`,
      `/v1/users/lookup?username=${other.username.toUpperCase()}`,
      `/v1/users/${other.user.user_id}`,
    ]) {
      const reply = await auth.call('GET', path, { token });
      expect(reply.status).toBe(200);
      expect(reply.body.data?.['user_id']).toBe(other.user.user_id);
      expect(reply.body.data).not.toHaveProperty('email');
    }
    const missing = await auth.call('GET', '/v1/users/lookup?username=nobody', { token });
    expect(missing.status).toBe(404);
  });
});
