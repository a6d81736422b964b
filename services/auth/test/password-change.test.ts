import { Tokens } from '@secureconnect/contracts';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword, matchesHash } from '../src/hashing/password-scheme.ts';
import { lockout } from '../src/lockout.ts';
import type { Passwords } from '../src/passwords.ts';
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

const register = () => registerSomeone(auth);

const login = (email: string, password: string) =>
  auth.call('POST', '/v1/auth/login', { body: { email, password } });

const change = (token: string, body: object) =>
  auth.call('POST', '/v1/users/me/password', { token, body });

const next = 'another quite good password';

const ageSessions = (userId: string): Promise<number> =>
  database.execute(
    "UPDATE auth.sessions SET created_at = now() - interval '6 minutes' WHERE user_id = $1",
    [userId],
  );

describe('a change of the password', () => {
  it('ends the other sessions, keeps this one, and is announced by mail', async () => {
    const user = await register();
    const other = Tokens.parse((await login(user.email, user.password)).body.data);
    const body = { current_password: user.password, new_password: next };
    const reply = await change(user.access_token, body);
    expect(reply.body.data).toEqual({ password_changed: true, sessions_ended: 1 });
    const statusOf = async (token: string): Promise<number> =>
      (await auth.call('GET', '/v1/users/me', { token })).status;
    expect(await statusOf(user.access_token)).toBe(200);
    expect(await statusOf(other.access_token)).toBe(401);
    const refreshed = { refresh_token: other.refresh_token };
    expect((await auth.call('POST', '/v1/auth/refresh', { body: refreshed })).status).toBe(401);
    expect((await login(user.email, user.password)).status).toBe(401);
    expect((await login(user.email, next)).status).toBe(200);
    await eventually(async () => {
      const mails = await auth.mailsTo(user.email);
      const notices = mails.filter((mail) => mail.includes('account was changed'));
      expect(notices).toHaveLength(1);
      expect(notices[0]).not.toContain(next);
    });
  });

  it('needs the current password, or a login within the last five minutes', async () => {
    const user = await register();
    expect((await change(user.access_token, { new_password: next })).status).toBe(200);
    await ageSessions(user.user.user_id);
    const refused = await change(user.access_token, { new_password: user.password });
    expect([refused.status, refused.body.error?.code]).toEqual([403, 'STEP_UP_REQUIRED']);
    const body = { current_password: next, new_password: user.password };
    expect((await change(user.access_token, body)).status).toBe(200);
  });

  it('allows no more guesses of the current password than the login does', async () => {
    const user = await register();
    const body = { current_password: 'not the password', new_password: next };
    for (let failure = 1; failure <= lockout.failures; failure += 1) {
      const reply = await change(user.access_token, body);
      expect([reply.status, reply.body.error?.details?.[0]?.field]).toEqual([
        400,
        'body.current_password',
      ]);
    }
    const right = { current_password: user.password, new_password: next };
    expect((await change(user.access_token, right)).status).toBe(423);
    expect((await login(user.email, user.password)).status).toBe(423);
  });

  it('happens once if two concurrent ones have the same current password', async () => {
    const user = await register();
    const bodies = ['the first new password', 'the second new password'].map((new_password) => ({
      current_password: user.password,
      new_password,
    }));
    const replies = await Promise.all(bodies.map((body) => change(user.access_token, body)));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 400]);
    const winner = bodies[replies.findIndex(({ status }) => status === 200)];
    expect((await login(user.email, winner?.new_password ?? '')).status).toBe(200);
  });

  describe('whose stored hash is replaced while the new password is hashed', () => {
    const cost = 4;
    /** Changes the password of somebody, and stores the hash of `stored` in the middle of it. */
    async function changeDuring(stored: (password: string) => string) {
      const user = await register();
      const passwords: Passwords = {
        hash: async (password) => {
          const replacing = await hashPassword(stored(user.password), cost);
          await database.execute('UPDATE auth.users SET password_hash = $2 WHERE user_id = $1', [
            user.user.user_id,
            replacing,
          ]);
          return hashPassword(password, cost);
        },
        matches: async (password, hash) => hash !== undefined && matchesHash(password, hash),
        isCurrent: () => true,
      };
      await using other = await startAuth({}, { passwords }, auth);
      const body = { current_password: user.password, new_password: next };
      const { access_token: token } = user;
      const reply = await other.call('POST', '/v1/users/me/password', { token, body });
      return { user, reply };
    }

    it('by an upgrade at a login is not refused', async () => {
      const { user, reply } = await changeDuring((password) => password);
      expect(reply.status, reply.text).toBe(200);
      expect((await login(user.email, next)).status).toBe(200);
      expect((await login(user.email, user.password)).status).toBe(401);
    });

    it('by a different password is refused, and undoes nothing', async () => {
      const meanwhile = 'a password set meanwhile';
      const { user, reply } = await changeDuring(() => meanwhile);
      expect(reply.status, reply.text).toBe(400);
      expect(reply.body.error?.details?.[0]?.field).toBe('body.current_password');
      expect((await login(user.email, meanwhile)).status).toBe(200);
    });
  });
});
