import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Tokens } from '@secureconnect/contracts';
import { openDatabase } from '@secureconnect/postgres';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { registerSomeone, startAuth, type TestAuth } from './harness.ts';

const script = join(import.meta.dirname, '../src/commands/end-sessions.ts');
let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth({ ENABLE_STATELESS_AUTH: 'true' });
});
afterAll(() => auth[Symbol.asyncDispose]());

/** As an operator runs it. */
const run = (...values: string[]) => {
  const env = { ...process.env, DATABASE_URL: auth.databaseUrl };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...values], {
    env,
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
};

const register = () => registerSomeone(auth);
const login = async ({ email, password }: { email: string; password: string }) => {
  const reply = await auth.call('POST', '/v1/auth/login', { body: { email, password } });
  expect(reply.status).toBe(200);
  return Tokens.parse(reply.body.data);
};
const refresh = (token: string) =>
  auth.call('POST', '/v1/auth/refresh', { body: { refresh_token: token } });
const profileStatus = async (token: string): Promise<number> =>
  (await auth.call('GET', '/v1/auth/profile', { token })).status;

/** What five seconds promise, with time for a busy machine. */
const soon = { timeoutMs: 10_000 };

describe('npm run sessions:end -- --user', () => {
  it('ends the sessions of one user, and says how many', { timeout: 40_000 }, async () => {
    const [user, other] = [await register(), await register()];
    const second = await login(user);
    const ended = run('--user', user.email.toUpperCase());
    expect(ended.said).toContain(`Ended sessions of user ${user.user.user_id}: 2.`);
    expect(ended.status).toBe(0);
    expect((await refresh(user.refresh_token)).status).toBe(401);
    expect((await refresh(second.refresh_token)).status).toBe(401);
    await eventually(async () => expect(await profileStatus(user.access_token)).toBe(401), soon);
    expect(await profileStatus(second.access_token)).toBe(401);
    expect(await profileStatus(other.access_token)).toBe(200);
    expect((await refresh(other.refresh_token)).status).toBe(200);
    expect(run('--user', user.user.user_id).said).toContain(': 0.');
    expect(await profileStatus((await login(user)).access_token)).toBe(200);
  });
});

describe('npm run sessions:end -- --all', () => {
  it('ends every session and token, of a login without Redis too', {
    timeout: 60_000,
  }, async () => {
    const [one, two] = [await register(), await register()];
    await auth.redis.kill();
    const withoutRedis = await eventually(() => login(two), soon);
    expect(withoutRedis.refresh_token).toBe('');
    await auth.redis.restart();
    await eventually(async () => expect((await refresh('unknown')).status).toBe(401), soon);
    for (const token of [one, two, withoutRedis].map(({ access_token }) => access_token)) {
      expect(await profileStatus(token)).toBe(200);
    }

    const ended = run('--all');
    expect(ended.said).toMatch(/^Ended sessions: \d+\. Access tokens issued before /);
    expect(ended.status).toBe(0);
    for (const token of [one.refresh_token, two.refresh_token]) {
      expect((await refresh(token)).status).toBe(401);
    }
    for (const token of [one, two, withoutRedis].map(({ access_token }) => access_token)) {
      await eventually(async () => expect(await profileStatus(token)).toBe(401), soon);
    }

    // Somebody who logs in at once stays in, at the latest with the next refresh.
    let session = await login(one);
    await eventually(async () => {
      const reply = await refresh(session.refresh_token);
      expect(reply.status).toBe(200);
      session = Tokens.parse(reply.body.data);
      expect(await profileStatus(session.access_token)).toBe(200);
    }, soon);
    expect(run('--all').said).toContain('Ended sessions: 1.');
    expect(run('--all').said).toContain('Ended sessions: 0.');
  });

  it('refuses the tokens of an instance whose clock is ahead, too', {
    timeout: 40_000,
  }, async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      vi.setSystemTime(Date.now() + 30_000);
      const user = await register();
      const refreshed = await refresh(user.refresh_token);
      const { access_token: token } = Tokens.parse(refreshed.body.data);
      expect(await profileStatus(user.access_token)).toBe(200);
      expect(await profileStatus(token)).toBe(200);
      run('--all');
      await eventually(async () => expect(await profileStatus(token)).toBe(401), soon);
      expect(await profileStatus(user.access_token)).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends more sessions than fit into one transaction', { timeout: 40_000 }, async () => {
    const database = openDatabase({ url: auth.databaseUrl, statementTimeoutMs: 20_000 });
    await database.execute(
      `INSERT INTO auth.sessions (session_id, user_id, expires_at)
       SELECT gen_random_uuid(), user_id, now() + interval '1 day'
       FROM (SELECT user_id FROM auth.users LIMIT 1) AS somebody, generate_series(1, 11000)`,
    );
    expect(run('--all').said).toContain('Ended sessions: 11000.');
    const open = await database.query('SELECT 1 FROM auth.sessions WHERE ended_at IS NULL');
    await database.close();
    expect(open).toEqual([]);
  });
});

describe('a new JWT_SECRET', () => {
  it('ends access tokens, and no session', { timeout: 40_000 }, async () => {
    const user = await register();
    const [DATABASE_URL, REDIS_URL] = [auth.databaseUrl, auth.redis.url];
    const JWT_SECRET = 'another secret of the tests that is long enough';
    await using renewed = await startAuth({ DATABASE_URL, REDIS_URL, JWT_SECRET });
    const profile = (token: string) => renewed.call('GET', '/v1/auth/profile', { token });
    expect((await profile(user.access_token)).status).toBe(401);
    // A cutoff that was moved just before refuses what is issued in the same second.
    let refreshToken = user.refresh_token;
    await eventually(async () => {
      const reply = await renewed.call('POST', '/v1/auth/refresh', {
        body: { refresh_token: refreshToken },
      });
      expect(reply.status).toBe(200);
      const tokens = Tokens.parse(reply.body.data);
      refreshToken = tokens.refresh_token;
      expect((await profile(tokens.access_token)).status).toBe(200);
    });
  });
});

describe('npm run sessions:end', () => {
  it.each([
    [[], 'Set either --all, or --user'],
    [['--all', '--user', 'ada@example.com'], 'Set either --all, or --user'],
    [['--user', 'nobody@example.com'], 'There is no user "nobody@example.com".'],
  ])('with %j ends with 1 and says why', (values, message) => {
    const { status, said } = run(...values);
    expect([status, said.includes(message)]).toEqual([1, true]);
  });
});
