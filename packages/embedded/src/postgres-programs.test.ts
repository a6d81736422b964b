import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '@secureconnect/degraded-mode/servers';
import { describe, expect, it } from 'vitest';
import { startPostgres } from './postgres.ts';
import { findPostgresPrograms, waysHere } from './postgres-programs.ts';

describe('the ways to run PostgreSQL as this user', () => {
  it('each work, also on data that a different way created', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'secureconnect-ways-'));
    const ways = [...waysHere(), ...waysHere()];
    const endings = [];
    for (const way of ways) {
      const programs = findPostgresPrograms([way]);
      const server = await startPostgres({ dataDir, durable: false, programs });
      expect(isRunning(server.pid)).toBe(true);
      await server.stop();
      endings.push(await server.ended);
    }
    expect(endings).toEqual(ways.map(() => 'exit code 0'));
    rmSync(dataDir, { recursive: true });
  });

  it('say what to do if none works', () => {
    const ways = [{ asUser: ['false'], owner: 0 }];
    expect(() => findPostgresPrograms(ways)).toThrow(
      /cannot be run by this user: start as a different user, or set DATABASE_URL/,
    );
  });
});
