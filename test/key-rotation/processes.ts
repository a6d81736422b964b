import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import {
  eventually,
  freePort,
  ServiceProcess,
  type TestRedis,
  testRedis,
} from '@secureconnect/testkit';
import { jwtSecret } from '@secureconnect/tokens/testing';
import { expect } from 'vitest';
import { openTestDatabase } from '../support/test-database.ts';

const root = join(import.meta.dirname, '../..');
const services = { auth: 'AUTH_PORT', chat: 'CHAT_PORT' } as const;

export type ProcessName = keyof typeof services;

export interface Processes {
  readonly urls: Readonly<Record<ProcessName, string>>;
  readonly redis: TestRedis;
  /**
   * Lets the published key sign now, once every process has read it: in operation it signs after
   * 150 s, so that the slowest has.
   */
  signNow(): Promise<void>;
  /** Runs `npm run keys:rotate` as an operator does; resolves with what it prints. */
  rotateKeys(...values: readonly string[]): Promise<string>;
}

/** auth, which signs tokens, and chat, which only verifies them, each in a process of its own. */
export async function startProcesses(
  stack: AsyncDisposableStack,
  settings: NodeJS.ProcessEnv,
): Promise<Processes> {
  const { url: databaseUrl } = stack.use(await migratedDatabase(['auth', 'chat']));
  const database = stack.adopt(openTestDatabase(databaseUrl, { maxConnections: 1 }), (one) =>
    one.close(),
  );
  const redis = stack.use(await testRedis());
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
    async signNow() {
      const publishedAt = performance.now();
      for (const url of Object.values(urls)) {
        await eventually(
          async () => {
            const ages = await keyAgesSeconds(url);
            const sincePublished = (performance.now() - publishedAt) / 1000;
            expect(ages.every((age) => age < sincePublished)).toBe(true);
          },
          { timeoutMs: 30_000, intervalMs: 250 },
        );
      }
      const moved = await database.execute(
        'UPDATE auth.signing_keys SET signs_from = now() WHERE signs_from > now()',
      );
      expect(moved).toBe(1);
    },
    async rotateKeys(...values) {
      const { DATABASE_URL, SIGNING_KEYS_SECRET } = { SIGNING_KEYS_SECRET: undefined, ...shared };
      const env = { ...process.env, DATABASE_URL, SIGNING_KEYS_SECRET };
      const words = ['run', '--silent', 'keys:rotate', '--', ...values];
      const { stdout } = await promisify(execFile)('npm', words, { cwd: root, env });
      return stdout;
    },
  };
}

/** The age of each copy of keys that a process has: of those that verify, and auth's that sign. */
async function keyAgesSeconds(url: string): Promise<number[]> {
  const text = await fetch(`${url}/metrics`).then((reply) => reply.text());
  const ages = [...text.matchAll(/^token_\w+_keys_age_seconds (\S+)$/gm)].map(([, age]) =>
    Number(age),
  );
  if (ages.length === 0) throw new Error(`${url} measures no age of keys`);
  return ages;
}
