import { eventually } from '@secureconnect/testkit';
import bcrypt from 'bcrypt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNewPasswords } from '../src/new-passwords/new-passwords.ts';
import { someone, startAuth, type TestAuth } from './harness.ts';
import { rowsOf } from './rows.ts';
import { type FactorUser, registerPerson, registerWithFactor } from './second-factor-user.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const register = (body: object, on = auth) => on.call('POST', '/v1/auth/register', { body });
const login = ({ email, password }: { email: string; password: string }) =>
  auth.call('POST', '/v1/auth/login', { body: { email, password } });

async function storedHash(email: string): Promise<unknown> {
  const [row] = await rowsOf(auth, 'SELECT password_hash FROM auth.users WHERE email = $1', [
    email,
  ]);
  return row?.['password_hash'];
}

async function storeHash(email: string, hash: string): Promise<void> {
  await rowsOf(auth, 'UPDATE auth.users SET password_hash = $2 WHERE email = $1', [email, hash]);
}

describe('a new password', () => {
  test('that is common is refused with what to do, and nobody is registered', async () => {
    const user = { ...someone(), password: 'password1234' };
    const reply = await register(user);
    expect(reply.status).toBe(400);
    const message =
      'it is a common password; choose a different one, for instance several random words';
    expect(reply.body.error?.details).toEqual([{ field: 'body.password', message }]);
    expect(await storedHash(user.email)).toBeUndefined();
  });

  test('that a reset refuses leaves the token usable', async () => {
    const user = someone();
    await register(user);
    await auth.call('POST', '/v1/auth/password-reset/request', { body: { email: user.email } });
    const token = await eventually(async () => {
      const [mailed] = await auth.mailedTokens(user.email);
      if (mailed === undefined) throw new Error('no mail yet');
      return mailed;
    });
    const confirm = (new_password: string) =>
      auth.call('POST', '/v1/auth/password-reset/confirm', { body: { token, new_password } });
    const refused = await confirm(`${user.username}!!`);
    expect(refused.status).toBe(400);
    expect(refused.body.error?.details?.[0]?.field).toBe('body.new_password');
    expect((await confirm('several other random words')).status).toBe(200);
  });

  test('that a change refuses leaves the current one', async () => {
    const user = someone();
    const registered = await register(user);
    const token = String(Reflect.get(Object(registered.body.data), 'access_token'));
    const body = { current_password: user.password, new_password: 'SecureConnect2026!' };
    const reply = await auth.call('POST', '/v1/users/me/password', { token, body });
    expect(reply.status, reply.text).toBe(400);
    expect(reply.body.error?.details?.[0]?.message).toContain('name of this product');
    expect((await login(user)).status).toBe(200);
  });

  test('of 256 characters counts to its last one', async () => {
    const user = { ...someone(), password: `${'x y '.repeat(63)}abcd` };
    expect((await register(user)).status).toBe(201);
    expect((await login(user)).status).toBe(200);
    const wrong = { ...user, password: `${user.password.slice(0, -1)}e` };
    expect((await login(wrong)).status).toBe(401);
  });

  test('has 15 characters where the operator says so, unless there is a second factor', async () => {
    await using strict = await startAuth({ PASSWORD_MIN_LENGTH: '15' }, {}, auth);
    const reply = await register({ ...someone(), password: 'fourteen chars' }, strict);
    expect(reply.status).toBe(400);
    expect(reply.body.error?.details?.[0]?.message).toBe('expected 15 or more characters');
    expect((await register({ ...someone(), password: 'fifteen charact' }, strict)).status).toBe(
      201,
    );
    const changed = async ({ token, password }: FactorUser): Promise<number> => {
      const body = { current_password: password, new_password: 'fourteen chars' };
      return (await strict.call('POST', '/v1/users/me/password', { token, body })).status;
    };
    expect(await changed(await registerPerson(strict))).toBe(400);
    expect(await changed(await registerWithFactor(strict))).toBe(200);
  });

  test('that was in a breach is refused', async () => {
    const newPasswords = createNewPasswords({
      minLength: 8,
      breached: { isBreached: async (password) => password === 'known from a breach' },
    });
    await using careful = await startAuth({}, { newPasswords }, auth);
    const refused = await register({ ...someone(), password: 'known from a breach' }, careful);
    expect(refused.status).toBe(400);
    expect(refused.body.error?.details?.[0]?.message).toContain('use nowhere else');
    expect((await register(someone(), careful)).status).toBe(201);
  });
});

describe('a hash of bcrypt alone', () => {
  test('signs in and is upgraded, once the password was right', async () => {
    const user = someone();
    await register(user);
    const old = await bcrypt.hash(user.password, 4);
    await storeHash(user.email, old);
    expect((await login({ ...user, password: 'not the right one' })).status).toBe(401);
    expect(await storedHash(user.email)).toBe(old);
    expect((await login(user)).status).toBe(200);
    const upgraded = await storedHash(user.email);
    expect(upgraded).toMatch(/^\$v1\$2b\$04\$/);
    expect((await login(user)).status).toBe(200);
    expect(await storedHash(user.email)).toBe(upgraded);
  });

  test('is upgraded by twenty logins at once, and all of them sign in', async () => {
    const user = someone();
    await register(user);
    await storeHash(user.email, await bcrypt.hash(user.password, 4));
    const replies = await Promise.all(Array.from({ length: 20 }, () => login(user)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
  });

  test('does not undo a change of the password that came between', async () => {
    const user = someone();
    await register(user);
    await storeHash(user.email, await bcrypt.hash(user.password, 4));
    const changed = await bcrypt.hash('changed meanwhile', 4);
    const replacing = await startAuth(
      {},
      {
        passwords: {
          hash: async () => {
            await storeHash(user.email, changed);
            return 'a hash of the old password';
          },
          matches: async (password, stored) =>
            stored !== undefined && bcrypt.compare(password, stored),
          isCurrent: () => false,
        },
      },
      auth,
    );
    await using _closing = replacing;
    const { email, password } = user;
    const reply = await replacing.call('POST', '/v1/auth/login', { body: { email, password } });
    expect(reply.status).toBe(401);
    expect(await storedHash(user.email)).toBe(changed);
  });
});
