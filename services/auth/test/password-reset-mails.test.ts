import { type Database, openDatabase, type Sql } from '@secureconnect/postgres';
import { eventually, type Reply } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subjectOf } from '../src/secrets.ts';
import { someone, startAuth, type TestAuth } from './harness.ts';

let auth: TestAuth;
let other: TestAuth;
let database: Database;
beforeAll(async () => {
  auth = await startAuth({ GATEWAY_TRUSTED_PROXIES: '127.0.0.1' });
  other = await startAuth({}, {}, auth);
  database = openDatabase({ url: auth.databaseUrl });
});
afterAll(async () => {
  await database.close();
  await other[Symbol.asyncDispose]();
  await auth[Symbol.asyncDispose]();
});

async function register() {
  const user = someone();
  await auth.call('POST', '/v1/auth/register', { body: user });
  return user;
}

async function request(email: string, at: TestAuth = auth, clientAddress = '192.0.2.1') {
  const headers = { 'x-forwarded-for': clientAddress };
  const path = '/v1/auth/password-reset/request';
  const reply = await at.call('POST', path, { body: { email }, headers });
  expect([reply.status, reply.body.data]).toEqual([200, { accepted: true }]);
}

const confirm = (token: string, password = 'another good password'): Promise<Reply> =>
  auth.call('POST', '/v1/auth/password-reset/confirm', { body: { token, new_password: password } });

/** Waits until nobody has anything to do for an address. */
const untilDealtWith = (email: string): Promise<void> =>
  eventually(
    async () => {
      const pending = `SELECT 1 FROM auth.mail_requests JOIN auth.outbox USING (effect_id)
        WHERE purpose = 'password_reset' AND subject = $1 AND state = 'pending'`;
      expect(await database.query(pending, [subjectOf(email)])).toEqual([]);
    },
    { timeoutMs: 15_000 },
  );

/** Asks so often, each time when the mail before was sent, and returns the tokens that were mailed. */
async function requestAgain(email: string, times: number): Promise<string[]> {
  for (let time = 0; time < times; time += 1) {
    await request(email, time % 2 === 0 ? auth : other, `192.0.2.${time + 1}`);
    await untilDealtWith(email);
  }
  return auth.mailedTokens(email);
}

/** Both instances have it again when this resolves. */
async function emptyRedis(): Promise<void> {
  await auth.redis.restart({ empty: true });
  for (const instance of [auth, other]) {
    await eventually(async () => {
      const path = '/v1/auth/password-reset/request';
      const { status } = await instance.call('POST', path, { body: { email: someone().email } });
      expect(status).toBe(200);
    });
  }
}

describe('thirty requests for one address from thirty client addresses', () => {
  it('send one mail when they are concurrent, and it is valid', async () => {
    const { email } = await register();
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        request(email, index % 2 === 0 ? auth : other, `192.0.2.${index + 1}`),
      ),
    );
    await untilDealtWith(email);
    const [token, ...others] = await auth.mailedTokens(email);
    // One more where mails are sent in the middle of them.
    expect(others.length).toBeLessThanOrEqual(1);
    expect((await confirm(token ?? '')).status).toBe(200);
  });

  it('send three when they are sequential, and none voids an earlier one', {
    timeout: 60_000,
  }, async () => {
    const { email } = await register();
    const three = await requestAgain(email, 3);
    expect(three).toHaveLength(3);
    for (let time = 4; time <= 30; time += 1) await request(email, auth, `192.0.2.${time}`);
    await untilDealtWith(email);
    expect(await auth.mailedTokens(email)).toEqual(three);
    const [first, second, third] = three;
    expect((await confirm(first ?? '')).status).toBe(200);
    // Any of them ends all.
    for (const token of [second, third]) expect((await confirm(token ?? '')).status).toBe(400);
  });
});

describe('the limit of an address', () => {
  it('starts over once a mail was used, or the window has ended', { timeout: 60_000 }, async () => {
    const { email } = await register();
    const three = await requestAgain(email, 4);
    expect(three).toHaveLength(3);
    expect((await confirm(three[2] ?? '')).status).toBe(200);
    expect(await requestAgain(email, 4)).toHaveLength(6);
    await database.execute('UPDATE auth.mail_requests SET expires_at = now() WHERE subject = $1', [
      subjectOf(email),
    ]);
    await emptyRedis();
    await request(email);
    await untilDealtWith(email);
    expect(await auth.mailedTokens(email)).toHaveLength(7);
  });

  it('is kept in SQL, even if Redis loses its data', { timeout: 60_000 }, async () => {
    const { email } = await register();
    expect(await requestAgain(email, 3)).toHaveLength(3);
    await emptyRedis();
    await request(email);
    await untilDealtWith(email);
    expect(await auth.mailedTokens(email)).toHaveLength(3);
  });

  it('is the same for an unknown address, which is kept no longer than necessary', {
    timeout: 60_000,
  }, async () => {
    const [known, unknown] = [(await register()).email, someone().email];
    for (const email of [known, unknown]) await requestAgain(email, 4);
    const rows = await database.query<{ mails: number }>(
      "SELECT mails FROM auth.mail_requests WHERE purpose = 'password_reset' AND subject = ANY($1)",
      [[known, unknown].map(subjectOf)],
    );
    expect(rows).toEqual([{ mails: 3 }, { mails: 3 }]);
    const kept = "SELECT 1 FROM auth.outbox WHERE payload->>'email' = ANY($1)";
    expect(await database.query(kept, [[known, unknown]])).toEqual([]);
    expect(await auth.mailedTokens(unknown)).toEqual([]);
  });
});

describe('a request', () => {
  it('makes no query for the address before its reply', async () => {
    const statements: string[] = [];
    const noting = (sql: Sql): Sql => ({
      query: (text, values) => {
        statements.push(text);
        return sql.query(text, values);
      },
      execute: (text, values) => {
        statements.push(text);
        return sql.execute(text, values);
      },
    });
    const noted: Database = {
      ...database,
      ...noting(database),
      transaction: (work, options) => database.transaction((sql) => work(noting(sql)), options),
    };
    await using watched = await startAuth({}, { database: noted }, auth);
    const sent = [];
    for (const email of [(await register()).email, someone().email]) {
      await request(email, watched);
      sent.push(statements.splice(0));
    }
    expect(sent[0]).toEqual(sent[1]);
    expect(sent[0]).toHaveLength(4);
    expect(sent.flat().join()).not.toContain('auth.users');
  });

  it('is processed by a different instance if the one that accepted it has ended', async () => {
    const { email } = await register();
    await request(email);
    await untilDealtWith(email);
    // As a process that ended in the middle leaves it.
    const take = (leaseSeconds: number): Promise<number> =>
      database.execute(
        `UPDATE auth.outbox SET state = 'pending', lease_id = gen_random_uuid(), payload = $2,
           due_at = now() + $3 * interval '1 second'
         WHERE effect_id = (SELECT effect_id FROM auth.mail_requests
           WHERE purpose = 'password_reset' AND subject = $1)`,
        [subjectOf(email), JSON.stringify({ template: 'password_reset', email }), leaseSeconds],
      );
    await take(60);
    // Others are dealt with meanwhile, this one is somebody's.
    await requestAgain((await register()).email, 1);
    expect(await auth.mailedTokens(email)).toHaveLength(1);
    await take(0);
    await untilDealtWith(email);
    expect(await auth.mailedTokens(email)).toHaveLength(2);
  });

  it('is mailed once, however many instances there are', async () => {
    const users = await Promise.all(Array.from({ length: 12 }, () => register()));
    await Promise.all(users.map(({ email }) => request(email)));
    for (const { email } of users) {
      await untilDealtWith(email);
      expect(await auth.mailedTokens(email)).toHaveLength(1);
    }
  });
});

describe('two mails of one user', () => {
  it('set one password when they are used concurrently', async () => {
    const { email } = await register();
    const tokens = await requestAgain(email, 2);
    const passwords = ['the first password', 'the second password'];
    const replies = await Promise.all(
      tokens.map((token, index) => confirm(token, passwords[index])),
    );
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 400]);
    const password = passwords[replies.findIndex(({ status }) => status === 200)];
    const login = await auth.call('POST', '/v1/auth/login', { body: { email, password } });
    expect(login.status).toBe(200);
  });
});
