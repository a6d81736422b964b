import { type TestDatabase, testPostgres } from '@secureconnect/testkit';
import pg from 'pg';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../src/index.ts';
import { migrateServices } from './migrate-services.ts';

/** One for all templates: those of a run are few, and made once. */
const templateLockId = 7_301_442;

/**
 * A fresh database of this test run with the schemas of these services, as their own migrations
 * make them in this order.
 *
 * It is a copy of a database that is migrated once in a run, because a copy takes a third of the
 * time of the migrations. A server that TEST_DATABASE_URL names would keep that one, so there the migrations
 * run each time.
 */
export async function migratedDatabase(names: readonly string[]): Promise<TestDatabase> {
  if (process.env['TEST_DATABASE_URL']) {
    const database = await testPostgres();
    await migrateServices(database.url, names);
    return database;
  }
  return testPostgres(await templateOf(names));
}

/** The same, with a way in that is closed with it. */
export async function openMigratedDatabase(
  names: readonly string[],
): Promise<TestDatabase & { readonly database: Database }> {
  const { url, close: closeServer } = await migratedDatabase(names);
  const database = openDatabase({ url });
  const close = async (): Promise<void> => {
    await database.close();
    await closeServer();
  };
  return { url, database, close, [Symbol.asyncDispose]: close };
}

const templates = new Map<string, Promise<string>>();

/** The name of the migrated database, which this process or another one creates. */
function templateOf(names: readonly string[]): Promise<string> {
  const name = `migrated_${names.join('_')}`;
  const known = templates.get(name) ?? createTemplate(name, names);
  templates.set(name, known);
  return known;
}

async function createTemplate(name: string, names: readonly string[]): Promise<string> {
  const server = inject('postgresUrl');
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(${templateLockId})`);
    const { rows } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rows.length > 0) return name;
    const unfinished = `unfinished_${name}`;
    await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${unfinished}`);
    const url = new URL(server);
    url.pathname = `/${unfinished}`;
    await migrateServices(url.href, names);
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`);
    return name;
  } finally {
    await client.end();
  }
}
