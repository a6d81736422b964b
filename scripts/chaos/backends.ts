import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedis, installRedis, type RedisServer, startRedis } from '@secureconnect/embedded';
import { startTestPostgres } from '../vitest/test-postgres.ts';

/** What a chaos run outside the test runner needs. */
export interface ChaosBackends extends AsyncDisposable {
  readonly redis: RedisServer;
  readonly databaseUrl: string;
}

/** Starts an empty PostgreSQL and a Redis of the run's own; both go with it. */
export async function startChaosBackends(log: (line: string) => void): Promise<ChaosBackends> {
  await using parts = new AsyncDisposableStack();
  const postgres = await startTestPostgres(log);
  parts.defer(() => postgres.stop());
  const dir = await mkdtemp(join(tmpdir(), 'chaos-redis-'));
  parts.defer(() => rm(dir, { recursive: true, force: true }));
  const redis = await startRedis({ dir, binary: findRedis() ?? (await installRedis(log)) });
  parts.defer(() => redis.stop());
  const owned = parts.move();
  return { redis, databaseUrl: postgres.url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
