import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { someone } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStorage, type TestStorage } from './harness.ts';

const script = join(import.meta.dirname, '../../../scripts/reconcile-storage.ts');
let storage: TestStorage;
beforeAll(async () => {
  storage = await startStorage();
});
afterAll(() => storage[Symbol.asyncDispose]());

/** As an operator runs it, with the variables of the service. */
const run = (values: readonly string[] = [], change: NodeJS.ProcessEnv = {}) => {
  const env = {
    ...process.env,
    DATABASE_URL: storage.databaseUrl,
    ...storage.filesEnvironment,
    ...change,
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...values], {
    env,
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
};

describe('npm run storage:reconcile', () => {
  it('reports that nothing is wrong, what is, and with --fix what was repaired', async () => {
    const user = someone();
    await storage.upload(user, Buffer.from('kept'));
    const well = run();
    expect(well.said).toContain('1 files, 1 objects\nfiles with missing bytes: 0\n');
    expect(well.status).toBe(0);
    await storage.database.execute('UPDATE storage.usage SET used_bytes = 99');
    const wrong = run();
    expect(wrong.status).toBe(1);
    expect(wrong.said).toContain(`user ${user.userId}: 99 used and 0 reserved; files use 4`);
    const fixed = run(['--fix']);
    expect([fixed.status, fixed.said.includes('files, repaired: 1')]).toEqual([0, true]);
    expect(run().status).toBe(0);
    expect(await storage.quota(user)).toMatchObject({ used: 4 });
  });

  it.each([
    [[], { DATABASE_URL: '' }, 'DATABASE_URL is not set'],
    [[], { STORAGE_DIRECTORY: '' }, 'STORAGE_DIRECTORY is not set'],
    [['--grace-hours', 'x'], {}, '--grace-hours: expected a number of hours'],
    // Of a variable of the shell that is not set; it would be 0.
    [['--grace-hours', ''], {}, '--grace-hours: expected a number of hours'],
    [['--fxi'], {}, "Unknown option '--fxi'"],
    [[], { DATABASE_URL: 'postgresql://me:a/b@db/mine' }, 'PostgreSQL: the URL cannot be read'],
  ])('with %j and %j ends with 1 and says why', (values, change, message) => {
    const { status, said } = run(values, change);
    expect([status, said.includes(message)]).toEqual([1, true]);
  });
});
