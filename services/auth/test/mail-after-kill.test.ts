import { join } from 'node:path';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import { call, eventually, freePort, ServiceProcess, testRedis } from '@secureconnect/testkit';
import { jwtSecret } from '@secureconnect/tokens/testing';
import { describe, expect, it } from 'vitest';
import { someone } from './harness.ts';
import { startEndlessServer, startMailServer } from './mail-servers.ts';

const main = join(import.meta.dirname, '../src/main.ts');

/** auth as a process of its own, that mails to a port where a server may be or not. */
async function startProcess(stack: AsyncDisposableStack, smtpPort: number) {
  const { url: databaseUrl } = stack.use(await migratedDatabase(['auth']));
  const redis = stack.use(await testRedis());
  const database = openDatabase({ url: databaseUrl });
  stack.defer(() => database.close());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const auth = new ServiceProcess({
    main,
    url,
    environment: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      DATABASE_URL: databaseUrl,
      REDIS_URL: redis.url,
      JWT_SECRET: jwtSecret,
      AUTH_PORT: String(port),
      BCRYPT_COST: '4',
      SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
    },
  });
  stack.defer(() => auth.end('SIGKILL'));
  await auth.start();
  const user = someone();
  expect((await call(url, 'POST', '/v1/auth/register', { body: user })).status).toBe(201);
  const request = async () => {
    const body = { email: user.email };
    const reply = await call(url, 'POST', '/v1/auth/password-reset/request', { body });
    expect(reply.status).toBe(200);
  };
  return { auth, database, user, request };
}

const resetsIn = (mails: readonly { readonly text: string }[]) =>
  mails.filter(({ text }) => text.includes('A password reset was requested'));

const triesOfReset = async (database: Database): Promise<number[]> => {
  const rows = await database.query<{ tries: number }>(
    `SELECT tries FROM auth.outbox
     WHERE idempotency_key LIKE 'password_reset:%' AND state = 'pending'`,
  );
  return rows.map(({ tries }) => tries);
};

const untilDone = (database: Database, timeoutMs: number): Promise<void> =>
  eventually(
    async () => {
      const left = await database.query("SELECT 1 FROM auth.outbox WHERE state <> 'done'");
      expect(left).toEqual([]);
    },
    { timeoutMs },
  );

describe('a kill -9 of auth', () => {
  it('after the reply and before the mail is sent loses no mail, and duplicates none', {
    timeout: 60_000,
  }, async () => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await startMailServer());
    const smtpPort = Number(new URL(server.url).port);
    const { auth, database, user, request } = await startProcess(stack, smtpPort);
    await untilDone(database, 10_000);
    // Mails are looked for once a second: the kill comes first, except by a rare chance.
    for (let sent = 0; ; ) {
      await request();
      await auth.end('SIGKILL');
      sent += 1;
      const isBetween = (await triesOfReset(database)).includes(0);
      await auth.start();
      await untilDone(database, 40_000);
      expect(resetsIn(server.mails)).toHaveLength(sent);
      if (isBetween) break;
      expect(sent).toBeLessThan(3);
    }
    expect(server.mails.at(-1)?.to).toEqual([user.email]);
  });

  it('while the mail server is talking to it sends the mail after the lease, once', {
    timeout: 90_000,
  }, async () => {
    await using stack = new AsyncDisposableStack();
    const endless = await startEndlessServer();
    const smtpPort = Number(new URL(endless.url).port);
    const { auth, database, request } = await startProcess(stack, smtpPort);
    await request();
    await endless.connected;
    await eventually(async () => expect(await triesOfReset(database)).toEqual([1]));
    await auth.end('SIGKILL');
    await endless[Symbol.asyncDispose]();
    const server = stack.use(await startMailServer({ port: smtpPort }));
    await auth.start();
    await untilDone(database, 45_000);
    expect(resetsIn(server.mails)).toHaveLength(1);
  });
});
