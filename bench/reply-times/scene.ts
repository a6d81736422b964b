import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres, startRedis } from '@secureconnect/embedded';
import { migrate } from '@secureconnect/postgres';
import { Child } from '../support/child.ts';
import { inTime } from '../support/in-time.ts';
import { TemporaryFolder } from '../support/temporary-folder.ts';

/** A running auth service that stands on its own PostgreSQL and Redis. */
export interface Scene extends AsyncDisposable {
  /** Of auth's own port, which has no rate limits. */
  readonly url: string;
}

const startLimitMs = 30_000;
const services = join(import.meta.dirname, '../../services');

/** Starts everything; auth runs as in production, in a process of its own. */
export async function openScene(redisProgram: string): Promise<Scene> {
  await using parts = new AsyncDisposableStack();
  const folder = parts.use(new TemporaryFolder());
  const dataDir = join(folder.path, 'postgres');
  const postgres = await startPostgres({ dataDir, log: () => undefined });
  parts.defer(() => postgres.stop());
  const directory = join(services, 'auth/migrations');
  await migrate({ databaseUrl: postgres.url, schema: 'auth', directory });
  const dir = join(folder.path, 'redis');
  mkdirSync(dir);
  const redis = await startRedis({ dir, binary: redisProgram });
  parts.defer(() => redis.stop());
  const variables = {
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    JWT_SECRET: randomBytes(32).toString('base64'),
    MAIL_DIRECTORY: join(folder.path, 'mail'),
    AUTH_PORT: '0',
    LOG_LEVEL: 'warn',
  };
  const listening = Promise.withResolvers<number>();
  parts.use(
    new Child({
      file: join(import.meta.dirname, 'auth-process.ts'),
      values: [JSON.stringify(variables)],
      onMessage: (message) => listening.resolve((message as { port: number }).port),
    }),
  );
  const port = await inTime(listening.promise, startLimitMs, 'the start of auth');
  const owned = parts.move();
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
