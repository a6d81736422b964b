import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedis, installRedis, type RedisServer, startRedis } from '@secureconnect/embedded';
import { startTestPostgres } from '../vitest/test-postgres.ts';

/** The backends of a chaos run outside the test runner. */
export interface ChaosBackends extends AsyncDisposable {
  readonly redis: RedisServer;
  readonly databaseUrl: string;
}

/** Starts an empty PostgreSQL and a Redis for the run; both end with it. */
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
