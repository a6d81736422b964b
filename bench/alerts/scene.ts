import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres, startRedis } from '@secureconnect/embedded';
import { migrate, openDatabase } from '@secureconnect/postgres';
import { TemporaryFolder } from '../support/temporary-folder.ts';

/** What the receivers stand on, the same for all of them. */
export interface Scene extends AsyncDisposable {
  /** Of a gateway. */
  readonly variables: NodeJS.ProcessEnv;
  readonly token: string;
  /** Removes every request, so that nobody works on what others have left. */
  empty(): Promise<void>;
}

const services = join(import.meta.dirname, '../../services');

/** Starts PostgreSQL, durable as under `npm start`, and a Redis. */
export async function openScene(redisProgram: string): Promise<Scene> {
  await using parts = new AsyncDisposableStack();
  const folder = parts.use(new TemporaryFolder());
  const postgres = await startPostgres({
    dataDir: join(folder.path, 'postgres'),
    log: () => undefined,
  });
  parts.defer(() => postgres.stop());
  for (const schema of ['auth', 'gateway']) {
    const directory = join(services, schema, 'migrations');
    await migrate({ databaseUrl: postgres.url, schema, directory });
  }
  const dir = join(folder.path, 'redis');
  mkdirSync(dir);
  const redis = await startRedis({ dir, binary: redisProgram });
  parts.defer(() => redis.stop());
  const database = openDatabase({ url: postgres.url, maxConnections: 1 });
  parts.defer(() => database.close());
  const token = randomBytes(24).toString('base64url');
  const owned = parts.move();
  return {
    variables: {
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      JWT_SECRET: randomBytes(32).toString('base64'),
      SIGNALS_TOKEN: token,
      LOG_LEVEL: 'warn',
    },
    token,
    async empty() {
      await database.execute('TRUNCATE gateway.remediation_requests CASCADE');
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
