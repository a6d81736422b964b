import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, testPostgres, troubleshootingRows } from '@secureconnect/testkit';
import { expect, it, vi } from 'vitest';
import { createLogger } from '../observability/logger.ts';
import { databaseWarnings, warningRemedies } from './database-warnings.ts';
import { warnOfDatabase } from './warn-of-database.ts';

const place = 'PostgreSQL at db:5432 (database "app", role "app")';
const fits = { missing: [], unknown: [], clockAheadMs: 29_000 };

it.each([
  [
    { missing: ['0002_b', '0003_c'] },
    'schema is older than this version',
    'schema "auth" lacks the migration 0002_b and 1 more. Run the migrations of this version: node scripts/migrate.ts with this DATABASE_URL.',
  ],
  [
    { unknown: ['0004_d'] },
    'schema is newer than this version',
    'schema "auth" has run 0004_d, which this version does not know. Start the version that migrated it, unless this is a rollback as in docs/operations.md.',
  ],
  [
    { clockAheadMs: 3_600_000 },
    "clock differs from PostgreSQL's",
    'its clock is 3600 s ahead of the clock here. Correct the clocks; both machines should follow NTP.',
  ],
  [
    { clockAheadMs: -31_000 },
    "clock differs from PostgreSQL's",
    'its clock is 31 s behind the clock here. Correct the clocks; both machines should follow NTP.',
  ],
])('%j is one line', (found, message, words) => {
  expect(databaseWarnings({ ...fits, ...found }, place, 'auth')).toEqual([
    { message, remedy: `${place}: ${words}` },
  ]);
});

it('there is no line for a database that fits', () => {
  expect(databaseWarnings(fits, place, 'auth')).toEqual([]);
});

it('docs/troubleshooting.md has exactly these rows', async () => {
  expect(await troubleshootingRows('Schema and clock')).toEqual(
    Object.entries(warningRemedies).map(([message, remedy]) => [`\`${message}\``, remedy]),
  );
});

it('a service warns of migrations that have not run, and of a clock that is an hour late', async () => {
  await using database = await testPostgres();
  await using cleanUp = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  cleanUp.defer(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, '0001_first.sql'), '-- Up Migration\nSELECT 1;\n');
  const lines: string[] = [];
  const log = createLogger({ service: 'test', level: 'info', write: (line) => lines.push(line) });
  const surveyed = { databaseUrl: database.url, schema: 'auth', directory };
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout'], now: Date.now() - 3_600_000 });
  try {
    await warnOfDatabase(surveyed, log);
  } finally {
    vi.useRealTimers();
  }
  const told = lines.map((line) => JSON.parse(line) as { msg: string; remedy: string });
  expect(told.map(({ msg }) => msg)).toEqual([
    'schema is older than this version',
    "clock differs from PostgreSQL's",
  ]);
  const { host, password } = new URL(database.url);
  for (const { remedy } of told) expect(remedy).toContain(`PostgreSQL at ${host} (`);
  expect(told[1]?.remedy).toMatch(/its clock is 3(599|600|601) s ahead of the clock here/);
  expect(lines.join('')).not.toContain(password);
});

it('a service is silent here while its database is down, which is reported elsewhere', async () => {
  const lines: string[] = [];
  const log = createLogger({ service: 'test', level: 'info', write: (line) => lines.push(line) });
  const databaseUrl = `postgresql://app@127.0.0.1:${await freePort()}/app`;
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  try {
    await warnOfDatabase({ databaseUrl, schema: 'auth', directory: tmpdir() }, log);
  } finally {
    vi.useRealTimers();
  }
  expect(lines).toEqual([]);
});
