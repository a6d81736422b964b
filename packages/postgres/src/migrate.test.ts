import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pgBouncerSkipReason, testPgBouncer, testPostgres } from '@secureconnect/testkit';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { type MigrateOptions, migrate, openDatabase } from './index.ts';

const services = join(import.meta.dirname, '../../../services');
const directoryOf = (schema: string): string => join(services, schema, 'migrations');
const schemas = readdirSync(services).filter(
  (schema) => existsSync(directoryOf(schema)) && readdirSync(directoryOf(schema)).length > 0,
);

async function tablesOf(url: string, schema: string): Promise<string[]> {
  const database = openDatabase({ url });
  const rows = await database.query<{ name: string }>(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = $1 ORDER BY 1',
    [schema],
  );
  await database.close();
  return rows.map(({ name }) => name);
}

async function migrateDown({ databaseUrl, schema, directory }: MigrateOptions): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await runner({
    dbClient: client,
    dir: directory,
    direction: 'down',
    count: Number.POSITIVE_INFINITY,
    schema,
    migrationsSchema: schema,
    migrationsTable: 'migrations',
    log: () => undefined,
  });
  await client.end();
}

describe('migrate', () => {
  it('runs each migration once, in a schema that it creates', async () => {
    await using database = await testPostgres();
    const options = { databaseUrl: database.url, schema: 'auth', directory: directoryOf('auth') };
    const lines: string[] = [];
    const done = await migrate({ ...options, log: (line) => lines.push(line) });
    expect(done).toContain('0001_accounts');
    expect(lines.length).toBeGreaterThan(0);
    expect(await tablesOf(database.url, 'auth')).toContain('users');
    expect(await migrate(options)).toEqual([]);
  });

  it('waits for another instance that does the same', async () => {
    await using database = await testPostgres();
    const options = { databaseUrl: database.url, schema: 'auth', directory: directoryOf('auth') };
    const done = await Promise.all(Array.from({ length: 4 }, () => migrate(options)));
    const total = readdirSync(options.directory).length;
    expect(done.map((names) => names.length).toSorted()).toEqual([0, 0, 0, total]);
  });

  it.skipIf(pgBouncerSkipReason !== '')(
    `runs through PgBouncer, one instance after the other, and leaves nothing there${pgBouncerSkipReason}`,
    async () => {
      await using database = await testPostgres();
      // The fewest sessions that do: one for the lock, and one for the migrations.
      await using pooler = await testPgBouncer(database.url, { poolSize: 2 });
      const options = { databaseUrl: pooler.url, schema: 'auth', directory: directoryOf('auth') };
      const done = await Promise.all(Array.from({ length: 4 }, () => migrate(options)));
      const total = readdirSync(options.directory).length;
      expect(done.map((names) => names.length).toSorted()).toEqual([0, 0, 0, total]);
      const client = new pg.Client({ connectionString: pooler.url });
      await client.connect();
      const { rows: paths } = await client.query('SHOW search_path');
      const { rows: locks } = await client.query(
        `SELECT 1 FROM pg_locks WHERE locktype = 'advisory'
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      await client.end();
      expect(paths).toEqual([{ search_path: '"$user", public' }]);
      expect(locks).toEqual([]);
    },
  );

  it('rejects a migration that fails, and leaves nothing of it', async () => {
    await using database = await testPostgres();
    await using cleanUp = new AsyncDisposableStack();
    const directory = await mkdtemp(join(tmpdir(), 'migrations-'));
    cleanUp.defer(() => rm(directory, { recursive: true }));
    const statements = '-- Up Migration\nCREATE TABLE half.made (x integer);\nSELECT 1/0;\n';
    await writeFile(join(directory, '0001_half.sql'), statements);
    const options = { databaseUrl: database.url, schema: 'half', directory };
    await expect(migrate(options)).rejects.toThrow('division by zero');
    expect(await tablesOf(database.url, 'half')).not.toContain('made');
  });

  it.each(schemas)('takes the schema of %s up, down and up again', async (schema) => {
    await using database = await testPostgres();
    // What one service reads of another: its views are there before it.
    for (const first of ['auth', 'chat'].filter((name) => schemas.includes(name))) {
      const directory = directoryOf(first);
      await migrate({ databaseUrl: database.url, schema: first, directory });
    }
    const options = { databaseUrl: database.url, schema, directory: directoryOf(schema) };
    await migrate(options);
    const tables = await tablesOf(database.url, schema);
    expect(tables.length).toBeGreaterThan(1);
    await migrateDown(options);
    expect(await tablesOf(database.url, schema)).toEqual(['migrations']);
    await migrate(options);
    expect(await tablesOf(database.url, schema)).toEqual(tables);
  });
});
