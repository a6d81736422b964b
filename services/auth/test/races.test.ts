import { Tokens } from '@secureconnect/contracts';
import { createMetrics } from '@secureconnect/service';
import { eventually } from '@secureconnect/testkit';
import bcrypt from 'bcrypt';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPasswords } from '../src/passwords.ts';
import { someone, startAuth, type TestAuth } from './harness.ts';

const askedFor: (string | undefined)[] = [];
let auth: TestAuth;
beforeAll(async () => {
  const passwords = await createPasswords({ cost: 4, metrics: createMetrics() });
  const matches: typeof passwords.matches = (password, storedHash, client) => {
    askedFor.push(storedHash);
    return passwords.matches(password, storedHash, client);
  };
  auth = await startAuth({}, { passwords: { ...passwords, matches } });
});
afterAll(() => auth[Symbol.asyncDispose]());

describe('many concurrent registrations', () => {
  it.each(['email', 'username'] as const)('make one user of one %s', async (field) => {
    const { [field]: same } = someone();
    const replies = await Promise.all(
      Array.from({ length: 12 }, () =>
        auth.call('POST', '/v1/auth/register', { body: { ...someone(), [field]: same } }),
      ),
    );
    const statuses = replies.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([201, ...Array.from({ length: 11 }, () => 409)]);
    for (const { body } of replies.filter(({ status }) => status === 409)) {
      expect(body.error?.details?.[0]?.field).toBe(`body.${field}`);
    }
  });
});

describe('many concurrent uses of one reset token', () => {
  it('set one password', async () => {
    const user = someone();
    await auth.call('POST', '/v1/auth/register', { body: user });
    await auth.call('POST', '/v1/auth/password-reset/request', { body: { email: user.email } });
    const token = await eventually(async () => {
      const [mailed] = await auth.mailedTokens(user.email);
      if (mailed === undefined) throw new Error('no mail yet');
      return mailed;
    });
    const replies = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        auth.call('POST', '/v1/auth/password-reset/confirm', {
          body: { token, new_password: `new password ${index}` },
        }),
      ),
    );
    const statuses = replies.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([200, 400, 400, 400, 400, 400]);
    const password = `new password ${replies.findIndex(({ status }) => status === 200)}`;
    const login = await auth.call('POST', '/v1/auth/login', {
      body: { email: user.email, password },
    });
    expect(login.status).toBe(200);
  });
});

describe('many concurrent logouts of one session', () => {
  it('all succeed, or find the token revoked', async () => {
    const reply = await auth.call('POST', '/v1/auth/register', { body: someone() });
    const { access_token: token } = Tokens.parse(reply.body.data);
    const replies = await Promise.all(
      Array.from({ length: 6 }, () => auth.call('POST', '/v1/auth/logout', { token })),
    );
    for (const { status } of replies) expect([200, 401]).toContain(status);
    expect(replies.some(({ status }) => status === 200)).toBe(true);
  });
});

describe('a login for an unknown address', () => {
  it('compares a password too, and has the same reply', async () => {
    const user = someone();
    await auth.call('POST', '/v1/auth/register', { body: user });
    askedFor.length = 0;
    const login = (email: string) =>
      auth.call('POST', '/v1/auth/login', { body: { email, password: 'not the password' } });
    const [known, unknown] = [await login(user.email), await login(someone().email)];
    expect(askedFor).toEqual([expect.stringMatching(/^\$v1\$2b\$04\$/), undefined]);
    expect([unknown.status, unknown.body.error]).toEqual([known.status, known.body.error]);
  });

  it('costs one bcrypt comparison, as for a known one', async () => {
    const passwords = await createPasswords({ cost: 4, metrics: createMetrics() });
    const client = {
      clientAddress: '198.51.100.1',
      clientLeft: () => new AbortController().signal,
    };
    const storedHash = await passwords.hash('a password', client);
    const compare = vi.spyOn(bcrypt, 'compare');
    try {
      expect(await passwords.matches('a password', storedHash, client)).toBe(true);
      expect(await passwords.matches('a password', undefined, client)).toBe(false);
      expect(await passwords.matches('a password that no one has', undefined, client)).toBe(false);
      const costs = compare.mock.calls.map(([, hash]) => bcrypt.getRounds(hash));
      expect(costs).toEqual([4, 4, 4]);
    } finally {
      compare.mockRestore();
    }
  });
});
