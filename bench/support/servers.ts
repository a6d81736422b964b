import { join } from 'node:path';
import { type RedisServer, startPostgres, startRedis } from '@secureconnect/embedded';
import { migrate } from '@secureconnect/postgres';
import { TemporaryFolder } from './temporary-folder.ts';

const services = join(import.meta.dirname, '../../services');

/**
 * Starts PostgreSQL, durable as under `npm start`, with the tables of these services. Resolves to
 * its URL; it ends with `parts`.
 */
export async function migratedPostgres(
  schemas: readonly string[],
  parts: AsyncDisposableStack,
): Promise<string> {
  const folder = parts.use(new TemporaryFolder());
  const dataDir = join(folder.path, 'postgres');
  const { url, stop } = await startPostgres({ dataDir, log: () => undefined });
  parts.defer(stop);
  for (const schema of schemas) {
    const directory = join(services, schema, 'migrations');
    await migrate({ databaseUrl: url, schema, directory });
  }
  return url;
}

/** Starts a Redis that ends with `parts`. */
export async function ownRedis(parts: AsyncDisposableStack): Promise<RedisServer> {
  const folder = parts.use(new TemporaryFolder());
  const redis = await startRedis({ dir: folder.path });
  parts.defer(() => redis.stop());
  return redis;
}
