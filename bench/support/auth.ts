import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { migratedPostgres, ownRedis } from './servers.ts';
import { startServing } from './serving-child.ts';
import { TemporaryFolder } from './temporary-folder.ts';

/** A running auth service over its own PostgreSQL and Redis. */
export interface RunningAuth extends AsyncDisposable {
  /** Of auth's own port, which has no limit of the gateway. */
  readonly url: string;
  readonly databaseUrl: string;
  readonly redis: { freeze(): void; thaw(): void };
  /** The p99 of the delay of auth's event loop in milliseconds, since this was asked before. */
  eventLoopP99Ms(): Promise<number>;
}

const answerLimitMs = 10_000;

/** Starts everything, auth in a process of its own with these variables besides. */
export async function startAuth(variables: NodeJS.ProcessEnv = {}): Promise<RunningAuth> {
  await using parts = new AsyncDisposableStack();
  const databaseUrl = await migratedPostgres(['auth'], parts);
  const redis = await ownRedis(parts);
  parts.defer(() => redis.thaw());
  const environment = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    JWT_SECRET: randomBytes(32).toString('base64'),
    MAIL_DIRECTORY: join(parts.use(new TemporaryFolder()).path, 'mail'),
    AUTH_PORT: '0',
    LOG_LEVEL: 'warn',
    ...variables,
  };
  const file = join(import.meta.dirname, 'auth-process.ts');
  const child = parts.use(await startServing({ file, values: [JSON.stringify(environment)] }));
  const owned = parts.move();
  return {
    url: `http://127.0.0.1:${child.port}`,
    databaseUrl,
    redis,
    async eventLoopP99Ms() {
      const { p99Ms } = (await child.ask('event loop', answerLimitMs)) as { p99Ms: number };
      return p99Ms;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
