import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { yieldProcessors } from './yield-processors.ts';

/** In a process of its own: a thread that has lowered its priority cannot raise it again. */
const script = `
  import { readdirSync, readFileSync } from 'node:fs';
  import bcrypt from 'bcrypt';
  import { yieldProcessors } from '${join(import.meta.dirname, 'yield-processors.ts')}';
  await bcrypt.hash('any', 4);
  const threads = yieldProcessors({ warn: (fields) => { throw fields.err; } });
  const niceOf = (id) => Number(readFileSync('/proc/self/task/' + id + '/stat', 'utf8')
    .replace(/^.*[)] /, '').split(' ')[16]);
  const nice = { threads, workers: [], others: [] };
  for (const id of readdirSync('/proc/self/task')) {
    const name = readFileSync('/proc/self/task/' + id + '/comm', 'utf8');
    nice[name.startsWith('libuv-worker') ? 'workers' : 'others'].push(niceOf(id));
  }
  console.log(JSON.stringify(nice));
`;

it.runIf(process.platform === 'linux')(
  'lowers the priority of the threads that hash, and of no other (Linux only)',
  () => {
    const options = { cwd: join(import.meta.dirname, '../..'), encoding: 'utf8' } as const;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], options);
    const { threads, workers, others } = JSON.parse(output) as {
      threads: number;
      workers: number[];
      others: number[];
    };
    expect(threads).toBeGreaterThan(0);
    expect(workers).toHaveLength(threads);
    const [own = 0] = others;
    expect(new Set(others)).toEqual(new Set([own]));
    for (const nice of workers) expect(nice).toBeGreaterThan(own);
  },
);

it('does nothing elsewhere', () => {
  const warn = (): void => {
    throw new Error('warned');
  };
  expect(yieldProcessors({ warn }, 'darwin')).toBe(0);
});
