import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, isRunning } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { startForReal } from './support/started-stack.ts';

/** The processes whose command line or environment names this folder, or that descend from `pid`. */
async function processesOf(pid: number, folder: string): Promise<string[]> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return all.filter((name) => {
    try {
      const parts = [`/proc/${name}/cmdline`, `/proc/${name}/environ`].map((path) =>
        readFileSync(path, 'utf8'),
      );
      return name === String(pid) || parts.some((part) => part.includes(folder));
    } catch {
      return false; // It ended while it was looked at, or belongs to somebody else.
    }
  });
}

const linux = process.platform === 'linux';

describe.runIf(linux)('npm start, with the real services (needs /proc, so Linux)', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
    'serves five ports and leaves no process after %s, and its data can be used again',
    { timeout: 120_000 },
    async (signal) => {
      await using stack = await startForReal();
      const health = await fetch(`http://127.0.0.1:${stack.ports.gateway}/health`);
      expect(health.status).toBe(200);
      for (const port of Object.values(stack.ports)) {
        expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(200);
      }
      // The starter, five services, PostgreSQL; Redis has overwritten what it was started with.
      expect((await processesOf(stack.pid, stack.dataDirectory)).length).toBeGreaterThanOrEqual(7);
      const redisPid = Number(await readFile(join(stack.dataDirectory, 'redis/redis.pid'), 'utf8'));
      expect(isRunning(redisPid)).toBe(true);
      expect(await stack.end(signal)).toBe(signal === 'SIGKILL' ? 'SIGKILL' : 0);
      await eventually(
        async () => {
          expect(await processesOf(stack.pid, stack.dataDirectory)).toEqual([]);
          expect(isRunning(redisPid)).toBe(false);
        },
        { timeoutMs: 15_000 },
      );
      await using again = await startForReal({ SECURECONNECT_DATA_DIR: stack.dataDirectory });
      const ready = await fetch(`http://127.0.0.1:${again.ports.gateway}/ready`);
      expect(ready.status).toBe(200);
      expect(await again.end('SIGTERM')).toBe(0);
      expect(
        [...stack.output, ...again.output].filter((line) => line.includes('"level":"error"')),
      ).toEqual([]);
    },
  );
});
