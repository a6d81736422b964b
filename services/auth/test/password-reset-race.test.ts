import { Tokens } from '@secureconnect/contracts';
import { createMetrics } from '@secureconnect/service';
import { eventually, FaultProxy, type Reply } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPasswords, type Passwords } from '../src/passwords.ts';
import { registerSomeone, startAuth, type TestAuth } from './harness.ts';

const newPassword = 'another good password';

interface User {
  readonly email: string;
  readonly password: string;
}

const login = (auth: TestAuth, { email, password }: User): Promise<Reply> =>
  auth.call('POST', '/v1/auth/login', { body: { email, password } });

const refresh = (auth: TestAuth, token: string): Promise<Reply> =>
  auth.call('POST', '/v1/auth/refresh', { body: { refresh_token: token } });

async function mailedToken(auth: TestAuth, email: string): Promise<string> {
  await auth.call('POST', '/v1/auth/password-reset/request', { body: { email } });
  return await eventually(async () => {
    const [token] = await auth.mailedTokens(email);
    if (token === undefined) throw new Error(`no mail to ${email}`);
    return token;
  });
}

/** Users with a reset token each. */
async function registerMany(auth: TestAuth, count: number) {
  const users = await Promise.all(Array.from({ length: count }, () => registerSomeone(auth)));
  return Promise.all(
    users.map(async (user) => ({ user, token: await mailedToken(auth, user.email) })),
  );
}

async function confirm(auth: TestAuth, token: string): Promise<void> {
  const body = { token, new_password: newPassword };
  const reply = await auth.call('POST', '/v1/auth/password-reset/confirm', { body });
  expect(reply.status).toBe(200);
}

/** Repeats `step` until it answers something else than 200; returns the tokens of its replies. */
async function untilRefused(step: (last?: Tokens) => Promise<Reply>): Promise<Tokens[]> {
  const all: Tokens[] = [];
  for (;;) {
    const reply = await step(all.at(-1));
    if (reply.status !== 200) {
      expect(reply.status, reply.text).toBe(401);
      return all;
    }
    all.push(Tokens.parse(reply.body.data));
  }
}

async function expectDead(auth: TestAuth, tokens: Tokens): Promise<void> {
  const profile = await auth.call('GET', '/v1/auth/profile', { token: tokens.access_token });
  expect(profile.status).toBe(401);
  expect((await refresh(auth, tokens.refresh_token)).status).toBe(401);
}

/** Compares normally, then holds what is held until it is released. */
function heldPasswords(passwords: Passwords) {
  const compared = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  let isHolding = true;
  const matches: Passwords['matches'] = async (...values) => {
    const result = await passwords.matches(...values);
    if (isHolding) {
      isHolding = false;
      compared.resolve();
      await held.promise;
    }
    return result;
  };
  return { passwords: { ...passwords, matches }, compared: compared.promise, letGo: held.resolve };
}

describe('a password reset while its user is active', () => {
  let auth: TestAuth;
  beforeAll(async () => {
    // Slow enough that many a login compares while the reset commits.
    auth = await startAuth({ BCRYPT_COST: '9' });
  });
  afterAll(() => auth[Symbol.asyncDispose]());

  it('leaves no session of the old password, in 20 rounds with four clients that log in', {
    timeout: 120_000,
  }, async () => {
    for (const { user, token } of await registerMany(auth, 20)) {
      const clients = Array.from({ length: 4 }, () => untilRefused(() => login(auth, user)));
      const [started] = await Promise.all([Promise.all(clients), confirm(auth, token)]);
      for (const tokens of started.flat()) await expectDead(auth, tokens);
      await expectDead(auth, user);
      const after = await login(auth, { ...user, password: newPassword });
      expect(after.status, after.text).toBe(200);
    }
  });

  it('leaves no session, in 20 rounds with four clients that refresh', {
    timeout: 120_000,
  }, async () => {
    for (const { user, token } of await registerMany(auth, 20)) {
      const logins = await Promise.all(Array.from({ length: 4 }, () => login(auth, user)));
      const clients = logins.map(({ body }) => {
        const first = Tokens.parse(body.data);
        return untilRefused((last = first) => refresh(auth, last.refresh_token));
      });
      const [renewed] = await Promise.all([Promise.all(clients), confirm(auth, token)]);
      for (const tokens of renewed.flat()) await expectDead(auth, tokens);
    }
  });
});

describe('a login that compared the old password before a reset committed', () => {
  it('is refused', async () => {
    const held = heldPasswords(await createPasswords({ cost: 4, metrics: createMetrics() }));
    await using auth = await startAuth({}, { passwords: held.passwords });
    const user = await registerSomeone(auth);
    const token = await mailedToken(auth, user.email);
    const slow = login(auth, user);
    await held.compared;
    await confirm(auth, token);
    held.letGo();
    expect((await slow).status).toBe(401);
    expect((await login(auth, { ...user, password: newPassword })).status).toBe(200);
  });

  it('is refused without Redis too, where logins are stateless', async () => {
    await using auth = await startAuth();
    await using proxy = await FaultProxy.start(Number(new URL(auth.redis.url).port));
    await proxy.setMode({ kind: 'refused' });
    const held = heldPasswords(await createPasswords({ cost: 4, metrics: createMetrics() }));
    const cutOff = { REDIS_URL: proxy.url, ENABLE_STATELESS_AUTH: 'true' };
    await using degraded = await startAuth(cutOff, { passwords: held.passwords }, auth);
    const user = await registerSomeone(auth);
    const token = await mailedToken(auth, user.email);
    const slow = login(degraded, user);
    await held.compared;
    // Given out before the reset: it ends with it, as soon as the instance learns of it from SQL.
    const early = Tokens.parse((await login(degraded, user)).body.data);
    expect(early.refresh_token).toBe('');
    await confirm(auth, token);
    held.letGo();
    expect((await slow).status).toBe(401);
    const profile = (at: TestAuth) =>
      at.call('GET', '/v1/auth/profile', { token: early.access_token });
    expect((await profile(auth)).status).toBe(401);
    await eventually(async () => expect((await profile(degraded)).status).toBe(401), {
      timeoutMs: 10_000,
    });
  });
});
