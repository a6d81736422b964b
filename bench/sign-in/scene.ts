import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres, startRedis } from '@secureconnect/embedded';
import { migrate } from '@secureconnect/postgres';
import { Child } from '../support/child.ts';
import { inTime } from '../support/in-time.ts';
import { TemporaryFolder } from '../support/temporary-folder.ts';

/** A running auth service with durable sign-in, over its own PostgreSQL and Redis. */
export interface Scene extends AsyncDisposable {
  /** Of auth's own port, which has no limit of the gateway. */
  readonly url: string;
  readonly redis: { freeze(): void; thaw(): void };
  /** The p99 of the delay of auth's event loop in milliseconds, since this was asked before. */
  eventLoopP99Ms(): Promise<number>;
}

type FromChild =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'event loop'; readonly p99Ms: number };

const startLimitMs = 30_000;
const answerLimitMs = 10_000;
const migrations = join(import.meta.dirname, '../../services/auth/migrations');

/** Starts everything; auth runs as in production, in a process of its own. */
export async function openScene(redisProgram: string): Promise<Scene> {
  await using parts = new AsyncDisposableStack();
  const folder = parts.use(new TemporaryFolder());
  const dataDir = join(folder.path, 'postgres');
  const postgres = await startPostgres({ dataDir, log: () => undefined });
  parts.defer(() => postgres.stop());
  await migrate({ databaseUrl: postgres.url, schema: 'auth', directory: migrations });
  const dir = join(folder.path, 'redis');
  mkdirSync(dir);
  const redis = await startRedis({ dir, binary: redisProgram });
  parts.defer(() => redis.stop());
  parts.defer(() => redis.thaw());
  const variables = {
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    JWT_SECRET: randomBytes(32).toString('base64'),
    MAIL_DIRECTORY: join(folder.path, 'mail'),
    AUTH_PORT: '0',
    LOG_LEVEL: 'warn',
    SIGN_IN_WITHOUT_REDIS: 'durable',
  };
  const listening = Promise.withResolvers<number>();
  let answer = Promise.withResolvers<number>();
  const child = parts.use(
    new Child({
      file: join(import.meta.dirname, 'auth-process.ts'),
      values: [JSON.stringify(variables)],
      onMessage: (message) => {
        const told = message as FromChild;
        if (told.kind === 'listening') listening.resolve(told.port);
        else answer.resolve(told.p99Ms);
      },
    }),
  );
  const port = await inTime(listening.promise, startLimitMs, 'the start of auth');
  const owned = parts.move();
  return {
    url: `http://127.0.0.1:${port}`,
    redis,
    eventLoopP99Ms() {
      answer = Promise.withResolvers<number>();
      child.send('event loop');
      return inTime(answer.promise, answerLimitMs, 'the answer of auth');
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
