import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, holdsWithin, isRunning } from '@secureconnect/degraded-mode/servers';
import { afterAll, describe, expect, it } from 'vitest';
import { findPostgresPrograms, waysHere } from './postgres-programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'secureconnect-leash-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const servers = import.meta.resolve('@secureconnect/degraded-mode/servers');

/** Runs a program text in a Node of its own until it prints pids, kills it with -9, returns them. */
const pidsAfterKill = async (program: string): Promise<number[]> => {
  const imports = [
    `import { startPostgres } from '${import.meta.dirname}/postgres.ts';`,
    `import { spawnLeashed, startRedis } from '${servers}';`,
  ];
  const parent = spawn(
    process.execPath,
    ['--input-type=module-typescript', '--eval', [...imports, program].join('\n')],
    { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [printed] = await once(parent.stdout, 'data');
  const pids = String(printed).trim().split(' ').map(Number);
  expect(pids.every(isRunning)).toBe(true);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  return pids;
};

const expectAllToEnd = async (pids: number[]): Promise<void> => {
  expect(pids.length).toBeGreaterThan(0);
  expect(await holdsWithin(() => !pids.some(isRunning), { timeoutMs: 10_000 })).toBe(true);
};

describe('a parent that is killed with -9', () => {
  it.each(waysHere())('leaves neither PostgreSQL nor Redis ($owner)', async (way) => {
    const programs = JSON.stringify(findPostgresPrograms([way]));
    await expectAllToEnd(
      await pidsAfterKill(`
        const options = { durable: false, programs: ${programs} };
        const postgres = await startPostgres({ dataDir: 'postgres-${way.owner}', ...options });
        const redis = await startRedis({ dir: 'redis' });
        console.log(postgres.pid, redis.pid);
      `),
    );
  });

  it('does not leave a frozen Redis either', async () => {
    await expectAllToEnd(
      await pidsAfterKill(`
        const redis = await startRedis({ dir: 'redis-frozen' });
        redis.freeze();
        console.log(redis.pid);
      `),
    );
  });

  it.each(['setpriv', 'a companion'])('leaves nothing that is leashed by %s', async (leash) => {
    const setpriv = leash === 'setpriv' ? JSON.stringify(findProgram('setpriv')) : 'undefined';
    await expectAllToEnd(
      await pidsAfterKill(`
        const command = ['sleep', '60'];
        const child = spawnLeashed({ command, signal: 'SIGTERM', stdio: 'inherit' }, { setpriv: ${setpriv} });
        console.log(child.pid);
      `),
    );
  });
});
