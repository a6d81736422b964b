import { spawnSync } from 'node:child_process';
import { findProgram } from './programs.ts';

const oldestRedis = 7;

/** What a machine without Redis needs. */
export const redisNeeded = 'install Redis 7 or later (or Valkey) so that redis-server is on PATH';

/** The full path of a Redis of version 7 or later, or of a Valkey, on PATH. */
export function findRedis(): string | undefined {
  return ['redis-server', 'valkey-server']
    .map(findProgram)
    .find((program) => program !== undefined && majorVersion(program) >= oldestRedis);
}

/** The version of a redis-server or valkey-server; Valkey began at 7.2. */
function majorVersion(program: string): number {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return Number(/\bv=(\d{1,4})\./.exec(stdout ?? '')?.[1] ?? 0);
}
