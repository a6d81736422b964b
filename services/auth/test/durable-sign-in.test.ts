import { Tokens } from '@secureconnect/contracts';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { eventually, redisFaults } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { parseRefreshToken } from '../src/refresh-token.ts';
import { registerSomeone, someone, startAuth, type TestAuth } from './harness.ts';
import { openCommands } from './redis-commands.ts';

const durable = { SIGN_IN_WITHOUT_REDIS: 'durable' };

const untilDegraded = (auth: TestAuth, degraded: boolean) =>
  eventually(
    async () => {
      const reply = await auth.call('GET', '/v1/degraded');
      expect(reply.body.data?.['degraded']).toBe(degraded);
    },
    { timeoutMs: 20_000 },
  );

type Someone = ReturnType<typeof someone>;

const logIn = (auth: TestAuth, { email, password }: Pick<Someone, 'email' | 'password'>) =>
  auth.call('POST', '/v1/auth/login', { body: { email, password } });

const refresh = (auth: TestAuth, { refresh_token: token }: Pick<Tokens, 'refresh_token'>) =>
  auth.call('POST', '/v1/auth/refresh', { body: { refresh_token: token } });

const sessionOf = ({ refresh_token: token }: Tokens): string =>
  parseRefreshToken(token)?.sessionId ?? '';

const profile = async (auth: TestAuth, { access_token: token }: Tokens): Promise<number> =>
  (await auth.call('GET', '/v1/auth/profile', { token })).status;

const claimsOf = ({ access_token: token }: Tokens): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

/** Whether Redis has the key of a session. */
const isInRedis = async (auth: TestAuth, sessionId: string): Promise<boolean> => {
  await using opened = await openCommands(auth.redis.url);
  const { redis } = opened;
  return (await redis.exists(redis.keyspace.session(sessionId))) === 1;
};

describe.each(redisFaults)('durable sign-in while Redis is $name', (fault) => {
  it('continues in SQL, and no ended session comes back with Redis', {
    timeout: 60_000,
  }, async () => {
    await using auth = await startAuth(durable);
    const [before, ended] = [await registerSomeone(auth), await registerSomeone(auth)];
    const atReset = await registerSomeone(auth);
    await fault.begin(auth.redis);

    const signedIn = await logIn(auth, before);
    expect(signedIn.status, signedIn.text).toBe(200);
    expect(signedIn.headers.get('x-degraded')).toBe('failed-logins=local, new-sessions=durable');
    const tokens = Tokens.parse(signedIn.body.data);
    expect(tokens.expires_in).toBe(900);
    expect(claimsOf(tokens)).not.toHaveProperty('deg');

    const registered = await auth.call('POST', '/v1/auth/register', { body: someone() });
    expect(registered.headers.get('x-degraded')).toBe('directory=skip, new-sessions=durable');
    expect(Tokens.parse(registered.body.data).refresh_token).not.toBe('');

    const refreshed = await refresh(auth, before);
    expect(refreshed.status, refreshed.text).toBe(200);
    expect(refreshed.headers.get('x-degraded')).toBe('sessions=durable');
    expect((await refresh(auth, Tokens.parse(refreshed.body.data))).status).toBe(200);

    const logout = await auth.call('POST', '/v1/auth/logout', { token: ended.access_token });
    expect(logout.status, logout.text).toBe(200);
    expect((await refresh(auth, ended)).status).toBe(401);
    await eventually(async () => expect(await profile(auth, ended)).toBe(401), {
      timeoutMs: 7000,
    });

    const { email } = atReset;
    const asked = await auth.call('POST', '/v1/auth/password-reset/request', { body: { email } });
    expect(asked.status, asked.text).toBe(200);
    const token = await eventually(
      async () => {
        const [mailed] = await auth.mailedTokens(email);
        if (mailed === undefined) throw new Error('no mail yet');
        return mailed;
      },
      { timeoutMs: 15_000 },
    );
    const body = { token, new_password: 'another good password' };
    const reset = await auth.call('POST', '/v1/auth/password-reset/confirm', { body });
    expect(reset.status, reset.text).toBe(200);
    expect((await refresh(auth, atReset)).status).toBe(401);
    expect((await logIn(auth, { email, password: 'another good password' })).status).toBe(200);

    await untilDegraded(auth, true);
    expect((await logIn(auth, before)).status).toBe(200);
    await fault.end(auth.redis);
    await untilDegraded(auth, false);
    for (const gone of [ended, atReset]) {
      expect(await profile(auth, gone)).toBe(401);
      expect((await refresh(auth, gone)).status).toBe(401);
      expect(await isInRedis(auth, sessionOf(gone))).toBe(false);
    }
    const after = await refresh(auth, tokens);
    expect(after.status, after.text).toBe(200);
    expect(after.headers.get('x-degraded')).toBeNull();
    expect(auth.logLines.filter((line) => JSON.parse(line).level === 'error')).toEqual([]);
  });
});

describe('durable sign-in while Redis is frozen', () => {
  const accounts = 100;
  const guesses = 12;

  async function degraded(): Promise<TestAuth> {
    const auth = await startAuth(durable);
    auth.redis.freeze();
    await untilDegraded(auth, true);
    return auth;
  }

  /** Runs all of them, eight at a time. */
  async function each<Item>(items: readonly Item[], run: (item: Item) => Promise<void>) {
    const left = [...items];
    const worker = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) await run(next);
    };
    await Promise.all(Array.from({ length: 8 }, worker));
  }

  it(`refuses none of ${accounts} sign-ins`, { timeout: 60_000 }, async () => {
    await using auth = await degraded();
    const users = Array.from({ length: accounts }, someone);
    const statuses: number[] = [];
    await each(users, async (body) => {
      await auth.call('POST', '/v1/auth/register', { body });
      statuses.push((await logIn(auth, body)).status);
    });
    expect(statuses).toEqual(Array.from({ length: accounts }, () => 200));
  });

  it('accepts nothing beyond the lockout, at two instances at once', {
    timeout: 60_000,
  }, async () => {
    await using auth = await degraded();
    await using other = await startAuth(durable, {}, auth);
    const user = someone();
    await auth.call('POST', '/v1/auth/register', { body: user });
    const wrong = { email: user.email, password: 'not the password' };
    const statuses: number[] = [];
    await each(
      Array.from({ length: guesses }, (_, index) => index),
      async (index) => {
        statuses.push((await logIn(index % 2 === 0 ? auth : other, wrong)).status);
      },
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 423)).toHaveLength(guesses - 5);
    for (const instance of [auth, other]) expect((await logIn(instance, user)).status).toBe(423);
  });

  it('ends the family of a refresh token that is reused', async () => {
    await using auth = await degraded();
    const database: Database = openDatabase({ url: auth.databaseUrl });
    const first = await registerSomeone(auth);
    const second = Tokens.parse((await refresh(auth, first)).body.data);
    await refresh(auth, second);
    expect((await refresh(auth, first)).status).toBe(401);
    const rows = await database.query(
      `SELECT 1 FROM auth.sessions JOIN auth.revocations ON id = session_id
       WHERE session_id = $1 AND ended_at IS NOT NULL`,
      [sessionOf(first)],
    );
    await database.close();
    expect(rows).toHaveLength(1);
  });
});

it('refuses a flood before any query to SQL, and says when to retry', async () => {
  await using auth = await startAuth({ ...durable, SIGN_INS_PER_SECOND: '5' });
  const database: Database = openDatabase({ url: auth.databaseUrl });
  const replies = await Promise.all(
    Array.from({ length: 40 }, () => logIn(auth, { email: someone().email, password: 'x' })),
  );
  const refused = replies.filter(({ status }) => status === 503);
  expect(refused.length).toBeGreaterThanOrEqual(30);
  for (const { headers } of refused) expect(headers.get('retry-after')).toBe('2');
  const rows = await database.query('SELECT 1 FROM auth.failed_logins');
  await database.close();
  expect(rows).toHaveLength(replies.length - refused.length);
  const metrics = await (await fetch(`${auth.url}/metrics`)).text();
  expect(metrics).toContain(`auth_sign_ins_refused_total{kind="sign_in"} ${refused.length}`);
});
