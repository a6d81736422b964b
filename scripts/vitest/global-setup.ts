import { join } from 'node:path';
import { findRedis, installRedis } from '@secureconnect/embedded';
import type { TestProject } from 'vitest/node';
import { buildConsoleIfOlder } from '../start/console-build.ts';
import { Progress } from '../start/progress.ts';
import { linkProgramsWithoutRedis } from './programs-without-redis.ts';
import { progress } from './progress.ts';
import { startTestPostgres } from './test-postgres.ts';

const root = join(import.meta.dirname, '../..');

/**
 * Provides, once for a whole run, a PostgreSQL (unless TEST_DATABASE_URL names one), a Redis program
 * and the console as it is now: built by one test, it would change under the gateways of others.
 * Without Redis, the tests that need it fail and say why.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  // Tests start services and commands by the hundred: each begins in half the processor time.
  process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules/.cache/compile-tests');
  linkProgramsWithoutRedis();
  await buildConsoleIfOlder(root, new Progress(progress));
  const named = process.env['TEST_DATABASE_URL'];
  const server = named ? undefined : await startTestPostgres(progress);
  project.provide('postgresUrl', named || (server?.url ?? ''));
  try {
    project.provide('redisProgram', findRedis() ?? (await installRedis(progress)));
  } catch (error) {
    progress(error instanceof Error ? error.message : String(error));
    project.provide('redisProgram', '');
  }
  return async () => server?.stop();
}
