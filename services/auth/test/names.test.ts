import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { someone, startAuth, type TestAuth } from './harness.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

/** The ways in which somebody may write one e-mail address. */
const spellings = (email: string): string[] => [
  email.toUpperCase(),
  ` ${email}`,
  `${email}\t`,
  `\u00a0${email}\ufeff`,
  email.replace(/^./, (first) => first.toUpperCase()),
];

describe('one account under every spelling of its name', () => {
  it('is locked by five failures, each under a different spelling of the address', async () => {
    const { email } = someone();
    const statuses: number[] = [];
    for (const spelling of [...spellings(email), email]) {
      const body = { email: spelling, password: 'not the password' };
      statuses.push((await auth.call('POST', '/v1/auth/login', { body })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 423]);
  });

  it('cannot be registered twice', async () => {
    const user = someone();
    expect((await auth.call('POST', '/v1/auth/register', { body: user })).status).toBe(201);
    for (const email of spellings(user.email)) {
      const body = { ...someone(), email };
      expect((await auth.call('POST', '/v1/auth/register', { body })).status).toBe(409);
    }
    const names = [user.username.toUpperCase(), user.username.replace(/^u/, 'U')];
    for (const username of names) {
      const body = { ...someone(), username };
      expect((await auth.call('POST', '/v1/auth/register', { body })).status).toBe(409);
    }
  });

  it('is not that of letters that merely look the same', async () => {
    // U+212A KELVIN SIGN and U+017F LONG S become k and s in lower case.
    for (const email of [
      '\u212aate@example.com',
      'kate@example.\u017fe',
      'k\u0430te@example.com',
    ]) {
      const body = { email, password: 'not the password' };
      expect((await auth.call('POST', '/v1/auth/login', { body })).status).toBe(400);
    }
  });
});
