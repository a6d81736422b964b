import { Tokens } from '@secureconnect/contracts';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { someone, startAuth, type TestAuth } from './harness.ts';

type Line = Readonly<Record<string, unknown>>;

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

/** The security events that `work` leaves in the log, in order. */
async function eventsOf(work: () => Promise<unknown>): Promise<Line[]> {
  const before = auth.logLines.length;
  await work();
  const lines = auth.logLines.slice(before).map((line): Line => JSON.parse(line));
  return lines.filter(({ msg }) => msg === 'security event');
}

const post = (path: string, body?: object, token?: string) =>
  auth.call('POST', `/v1/auth/${path}`, {
    ...(body === undefined ? {} : { body }),
    ...(token === undefined ? {} : { token }),
  });

async function registered() {
  const user = someone();
  const reply = await post('register', user);
  const tokens = Tokens.parse(reply.body.data);
  return { ...user, ...tokens, userId: tokens.user.user_id };
}

it('tells of an account, a login and a logout, by ids alone', async () => {
  const user = someone();
  let tokens: Tokens | undefined;
  const events = await eventsOf(async () => {
    await post('register', user);
    tokens = Tokens.parse((await post('login', user)).body.data);
    await post('logout', undefined, tokens.access_token);
  });
  const user_id = tokens?.user.user_id;
  expect(events).toMatchObject([
    { event: 'user_registered', level: 'info', user_id },
    { event: 'session_started', level: 'info', user_id },
    { event: 'session_ended', level: 'info', user_id },
  ]);
  expect(auth.logLines.join('')).not.toContain(user.email);
  expect(auth.logLines.join('')).not.toContain('127.0.0.1');
});

it('tells of wrong passwords and of the lock, of known and unknown addresses alike', async () => {
  const known = await registered();
  for (const { email, user_id } of [
    { email: known.email, user_id: known.userId },
    { email: someone().email, user_id: undefined },
  ]) {
    const events = await eventsOf(async () => {
      for (let attempt = 1; attempt <= 6; attempt += 1) {
        await post('login', { email, password: 'not the password' });
      }
    });
    expect(events.map(({ event }) => event)).toEqual([
      ...Array.from({ length: 5 }, () => 'login_failed'),
      'login_locked',
    ]);
    expect(events[0]?.['user_id']).toBe(user_id);
    expect(new Set(events.map(({ account_id }) => account_id)).size).toBe(1);
  }
});

it('tells of a refresh token that was used again', async () => {
  const user = await registered();
  const refresh = async (refresh_token: string): Promise<string> =>
    Tokens.parse((await post('refresh', { refresh_token })).body.data).refresh_token;
  const second = await refresh(user.refresh_token);
  await refresh(second);
  const events = await eventsOf(() => post('refresh', { refresh_token: user.refresh_token }));
  const [session_id] = user.refresh_token.split('.');
  const ids = { session_id, user_id: user.userId };
  expect(events).toMatchObject([{ event: 'refresh_token_reused', level: 'warn', ...ids }]);
});

it('tells of a reset that was asked for, refused and done', async () => {
  const user = await registered();
  expect(await eventsOf(() => post('password-reset/request', { email: user.email }))).toMatchObject(
    [{ event: 'password_reset_requested', level: 'info' }],
  );
  const new_password = 'a new and long password';
  const wrong = { token: 'x'.repeat(43), new_password };
  expect(await eventsOf(() => post('password-reset/confirm', wrong))).toMatchObject([
    { event: 'password_reset_refused', level: 'info' },
  ]);
  const token = await eventually(
    async () => {
      const [mailed] = await auth.mailedTokens(user.email);
      if (mailed === undefined) throw new Error('no mail yet');
      return mailed;
    },
    { timeoutMs: 15_000 },
  );
  expect(
    await eventsOf(() => post('password-reset/confirm', { token, new_password })),
  ).toMatchObject([{ event: 'password_reset_confirmed', level: 'warn', user_id: user.userId }]);
});
