import { randomBytes } from 'node:crypto';
import { openDatabase } from '@secureconnect/postgres';
import { migratedPostgres, ownRedis } from '../support/servers.ts';

/** What the receivers stand on, the same for all of them. */
export interface Scene extends AsyncDisposable {
  /** Of a gateway. */
  readonly variables: NodeJS.ProcessEnv;
  readonly token: string;
  /** Removes every request, so that no receiver works on what another has left. */
  empty(): Promise<void>;
}

/** Starts PostgreSQL, durable as under `npm start`, and a Redis. */
export async function openScene(): Promise<Scene> {
  await using parts = new AsyncDisposableStack();
  const databaseUrl = await migratedPostgres(['auth', 'gateway'], parts);
  const redis = await ownRedis(parts);
  const database = openDatabase({ url: databaseUrl, maxConnections: 1 });
  parts.defer(() => database.close());
  const token = randomBytes(24).toString('base64url');
  const owned = parts.move();
  return {
    variables: {
      DATABASE_URL: databaseUrl,
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
