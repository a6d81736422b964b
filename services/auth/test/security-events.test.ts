import { RecoveryCodesCreated, Tokens } from '@secureconnect/contracts';
import { openDatabase } from '@secureconnect/postgres';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseRefreshToken } from '../src/refresh-token.ts';
import { someone, startAuth, type TestAuth } from './harness.ts';
import {
  challengeOf,
  confirm,
  enrol,
  factorPath,
  finish,
  registerPerson,
} from './second-factor-user.ts';
import { totpCode } from './totp-code.ts';

type Line = Readonly<Record<string, unknown>>;

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const post = (path: string, body: unknown, token?: string) =>
  auth.call('POST', `/v1/auth/${path}`, { body, ...(token === undefined ? {} : { token }) });

/** What is logged for security while something is done, without what every line has. */
async function eventsOf(done: () => Promise<unknown>): Promise<Line[]> {
  const from = auth.logLines.length;
  await done();
  return auth.logLines
    .slice(from)
    .map((line): Line => JSON.parse(line))
    .filter(({ msg }) => msg === 'security event')
    .map(({ event, level, user_id, session_id, account_id }) => ({
      ...{ event, level },
      ...(user_id === undefined ? {} : { user_id }),
      ...(session_id === undefined ? {} : { session_id }),
      ...(account_id === undefined ? {} : { account_id }),
    }));
}

const sessionOf = (token: string): string => parseRefreshToken(token)?.sessionId ?? '';
const anId = expect.stringMatching(/^[\w-]{16}$/);

it('what happens to an account and its sessions is a line each, by ids alone', async () => {
  const user = someone();
  const { email, password } = user;
  const replies: Tokens[] = [];
  const keep = async (reply: ReturnType<typeof post>) => {
    replies.push(Tokens.parse((await reply).body.data));
  };
  const last = (): Tokens => {
    const tokens = replies.at(-1);
    if (tokens === undefined) throw new Error('no tokens yet');
    return tokens;
  };

  const registered = await eventsOf(() => keep(post('register', user)));
  const { user_id: userId } = last().user;
  const first = { user_id: userId, session_id: sessionOf(last().refresh_token) };
  const accountId = registered[0]?.['account_id'];
  expect(registered).toEqual([
    { event: 'user_registered', level: 'info', user_id: userId, account_id: anId },
    { event: 'session_started', level: 'info', ...first },
  ]);

  // A repeated exchange is none; one that nobody makes any more is.
  const used = last().refresh_token;
  expect(await eventsOf(() => keep(post('refresh', { refresh_token: used })))).toEqual([]);
  expect(await eventsOf(() => keep(post('refresh', { refresh_token: used })))).toEqual([]);
  await keep(post('refresh', { refresh_token: last().refresh_token }));
  expect(await eventsOf(() => post('refresh', { refresh_token: used }))).toEqual([
    { event: 'refresh_token_reused', level: 'warn', ...first },
  ]);

  const loggedIn = await eventsOf(() => keep(post('login', { email, password })));
  const second = { user_id: userId, session_id: sessionOf(last().refresh_token) };
  expect(loggedIn).toEqual([{ event: 'session_started', level: 'info', ...second }]);
  expect(await eventsOf(() => post('logout', undefined, last().access_token))).toEqual([
    { event: 'session_ended', level: 'info', ...second },
  ]);

  const account = { account_id: accountId };
  expect(await eventsOf(() => post('password-reset/request', { email }))).toEqual([
    { event: 'password_reset_requested', level: 'info', ...account },
  ]);
  const token = await eventually(async () => {
    const [mailed] = await auth.mailedTokens(email);
    if (mailed === undefined) throw new Error('no mail yet');
    return mailed;
  });
  const confirmation = { token, new_password: 'another good password' };
  expect(await eventsOf(() => post('password-reset/confirm', confirmation))).toEqual([
    { event: 'password_reset_confirmed', level: 'warn', user_id: userId },
  ]);
  expect(await eventsOf(() => post('password-reset/confirm', confirmation))).toEqual([
    { event: 'password_reset_refused', level: 'info' },
  ]);

  for (let failure = 1; failure <= 5; failure += 1) {
    expect(await eventsOf(() => post('login', { email, password }))).toEqual([
      { event: 'login_failed', level: 'info', user_id: userId, ...account },
    ]);
  }
  // Whether SQL says so, or Redis knows already.
  for (let time = 1; time <= 2; time += 1) {
    expect(await eventsOf(() => post('login', { email, password }))).toEqual([
      { event: 'login_locked', level: 'warn', ...account },
    ]);
  }
});

it('a second factor is an event when it is added, asked for, failed and used', async () => {
  const user = await registerPerson(auth);
  const { userId, token, sessionId } = user;
  const of = { user_id: userId, session_id: sessionId };
  const { secret } = await enrol(auth, token);
  let codes: readonly string[] = [];
  const added = await eventsOf(async () => {
    const { body } = await confirm(auth, token, totpCode(secret));
    codes = RecoveryCodesCreated.parse(body.data).recovery_codes;
  });
  expect(added).toEqual([{ event: 'second_factor_changed', level: 'warn', ...of }]);

  let challenge = '';
  const asked = await eventsOf(async () => {
    challenge = await challengeOf(auth, user);
  });
  expect(asked).toEqual([{ event: 'second_factor_required', level: 'info', user_id: userId }]);
  // The code of the confirmation was used by it.
  expect(await eventsOf(() => finish(auth, challenge, { code: totpCode(secret, 1) }))).toEqual([
    { event: 'second_factor_failed', level: 'info', user_id: userId, account_id: anId },
  ]);
  const recovered = await eventsOf(() => finish(auth, challenge, { recovery_code: codes[0] }));
  const started = { user_id: userId, session_id: expect.any(String) };
  expect(recovered).toEqual([
    { event: 'recovery_code_used', level: 'warn', ...started },
    { event: 'session_started', level: 'info', ...started },
  ]);
  const removed = await eventsOf(() => auth.call('DELETE', factorPath, { token }));
  expect(removed).toEqual([{ event: 'second_factor_changed', level: 'warn', ...of }]);
});

it('of an address that nobody has there is no more than its id', async () => {
  const { email, password } = someone();
  for (const [path, body, event] of [
    ['login', { email, password }, 'login_failed'],
    ['password-reset/request', { email }, 'password_reset_requested'],
  ] as const) {
    const level = 'info';
    expect(await eventsOf(() => post(path, body))).toEqual([{ event, level, account_id: anId }]);
  }
});

it('no line has an address or a token', async () => {
  const lines = auth.logLines.join('');
  const database = openDatabase({ url: auth.databaseUrl });
  const users = await database.query<{ email: string }>('SELECT email FROM auth.users');
  await database.close();
  expect(users.length).toBeGreaterThan(0);
  for (const { email } of users) {
    expect(lines).not.toContain(email);
    for (const token of await auth.mailedTokens(email)) expect(lines).not.toContain(token);
  }
});
