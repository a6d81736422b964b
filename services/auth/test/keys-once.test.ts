import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyBundles, Tokens } from '@secureconnect/contracts';
import { openDatabase } from '@secureconnect/postgres';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import { call, freePort, ServiceProcess, testRedis } from '@secureconnect/testkit';
import { jwtSecret } from '@secureconnect/tokens/testing';
import { expect, it } from 'vitest';
import { someone } from './harness.ts';
import { newDeviceKeys, newOneTimeKeys } from './keys-fixture.ts';

const main = join(import.meta.dirname, '../src/main.ts');

it('gives out no one-time key twice, to fetchers at two instances, of which one is killed', {
  timeout: 90_000,
}, async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await migratedDatabase(['auth']));
  const redis = stack.use(await testRedis());
  const database = openDatabase({ url: databaseUrl });
  stack.defer(() => database.close());
  const mailDirectory = await mkdtemp(join(tmpdir(), 'keys-mail-'));
  stack.defer(() => rm(mailDirectory, { recursive: true }));
  const startInstance = async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const service = new ServiceProcess({
      main,
      url,
      environment: {
        ...{ PATH: process.env['PATH'], NODE_ENV: 'test', JWT_SECRET: jwtSecret },
        ...{ DATABASE_URL: databaseUrl, REDIS_URL: redis.url, AUTH_PORT: String(port) },
        ...{ BCRYPT_COST: '4', MAIL_DIRECTORY: mailDirectory },
      },
    });
    stack.defer(() => service.end('SIGKILL'));
    await service.start();
    return { url, service };
  };
  const [lasting, killed] = [await startInstance(), await startInstance()];

  const register = async () => {
    const { body } = await call(lasting.url, 'POST', '/v1/auth/register', { body: someone() });
    const { user, access_token: token } = Tokens.parse(body.data);
    return { userId: user.user_id, token };
  };
  const owner = await register();
  const own = { token: owner.token };
  await call(lasting.url, 'PUT', '/v1/keys/device', { ...own, body: newDeviceKeys() });
  for (const firstId of [1, 101]) {
    const body = { keys: newOneTimeKeys(100, firstId) };
    expect((await call(lasting.url, 'POST', '/v1/keys/one-time', { ...own, body })).status).toBe(
      200,
    );
  }
  const fetchers = await Promise.all(Array.from({ length: 30 }, register));

  const path = `/v1/keys/users/${owner.userId}/bundles`;
  const taken: number[] = [];
  let answered = 0;
  let broken = 0;
  const fetchAll = async ({ token }: { token: string }, at: number) => {
    const url = at % 2 === 0 ? lasting.url : killed.url;
    for (let count = 0; count < 10; count += 1) {
      try {
        const { status, body } = await call(url, 'POST', path, { token });
        expect(status).toBe(200);
        const [device] = KeyBundles.parse(body.data).devices;
        if (device?.one_time_pre_key) taken.push(device.one_time_pre_key.key_id);
      } catch (error) {
        // Only the killed instance may leave a request without an answer.
        if (url === lasting.url) throw error;
        broken += 1;
      }
      answered += 1;
      if (answered === 60) await killed.service.end('SIGKILL');
    }
  };
  await Promise.all(fetchers.map(fetchAll));

  expect(broken).toBeGreaterThan(0);
  expect(new Set(taken).size).toBe(taken.length);
  const left = await database.query<{ key_id: string }>(
    'SELECT key_id FROM auth.one_time_pre_keys',
  );
  expect(left.filter(({ key_id: id }) => taken.includes(Number(id)))).toEqual([]);
  // A key whose reply was lost is gone. There were at most as many as requests without a reply.
  const lost = 200 - taken.length - left.length;
  expect(lost).toBeGreaterThanOrEqual(0);
  expect(lost).toBeLessThanOrEqual(broken);
});
