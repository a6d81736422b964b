import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { migrateServices } from '@secureconnect/postgres/testing';
import {
  freePort,
  ServiceProcess,
  type TestRedis,
  testPostgres,
  testRedis,
} from '@secureconnect/testkit';
import { jwtSecret } from '@secureconnect/tokens/testing';

const root = join(import.meta.dirname, '../..');
const services = { auth: 'AUTH_PORT', chat: 'CHAT_PORT' } as const;

export type ProcessName = keyof typeof services;

export interface Processes {
  readonly urls: Readonly<Record<ProcessName, string>>;
  readonly redis: TestRedis;
  /** Runs `npm run keys:rotate` as an operator does; resolves with what it prints. */
  rotateKeys(...values: readonly string[]): Promise<string>;
}

/** auth, which signs tokens, and chat, which only verifies them, each in a process of its own. */
export async function startProcesses(
  stack: AsyncDisposableStack,
  settings: NodeJS.ProcessEnv,
): Promise<Processes> {
  const { url: databaseUrl } = stack.use(await testPostgres());
  const redis = stack.use(await testRedis());
  await migrateServices(databaseUrl, ['auth', 'chat']);
  const mails = await mkdtemp(join(tmpdir(), 'secureconnect-mails-'));
  stack.defer(() => rm(mails, { recursive: true, force: true }));
  const shared = {
    PATH: process.env['PATH'],
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    JWT_SECRET: jwtSecret,
    BCRYPT_COST: '4',
    MAIL_DIRECTORY: mails,
    ...settings,
  };
  const start = async (name: ProcessName): Promise<string> => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const main = join(root, `services/${name}/src/main.ts`);
    const environment = { ...shared, [services[name]]: String(port) };
    const service = new ServiceProcess({ main, url, environment });
    stack.defer(() => service.end('SIGKILL'));
    await service.start();
    return url;
  };
  const urls = { auth: await start('auth'), chat: await start('chat') };
  return {
    urls,
    redis,
    async rotateKeys(...values) {
      const { DATABASE_URL, SIGNING_KEYS_SECRET } = { SIGNING_KEYS_SECRET: undefined, ...shared };
      const env = { ...process.env, DATABASE_URL, SIGNING_KEYS_SECRET };
      const words = ['run', '--silent', 'keys:rotate', '--', ...values];
      const { stdout } = await promisify(execFile)('npm', words, { cwd: root, env });
      return stdout;
    },
  };
}
