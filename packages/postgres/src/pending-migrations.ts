import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import pg from 'pg';
import { isRelationMissing } from './sql-state.ts';

export interface SchemaMigrations {
  readonly schema: string;
  /** The folder with `<number>_<name>.sql` files. */
  readonly directory: string;
}

/**
 * The schemas that have not run exactly the migrations of their directories, in their order. For all
 * the others `migrate` would do nothing, and takes longer to say so: it locks, and loads a library.
 * Rejects if the database does not answer.
 */
export async function pendingMigrations<Migrations extends SchemaMigrations>(
  databaseUrl: string,
  all: readonly Migrations[],
): Promise<Migrations[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined); // the next statement fails with the reason
  try {
    await client.connect();
    const pending: Migrations[] = [];
    for (const one of all) {
      const run = await runMigrations(client, one.schema);
      if (run.join('\n') !== migrationsIn(one.directory).join('\n')) pending.push(one);
    }
    return pending;
  } finally {
    await client.end();
  }
}

/** The names of a schema's migrations in the order in which they ran; none if it has no table. */
export async function runMigrations(client: pg.Client, schema: string): Promise<string[]> {
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT name FROM ${pg.escapeIdentifier(schema)}.migrations ORDER BY run_on, id`,
    );
    return rows.map(({ name }) => name);
  } catch (error) {
    if (isRelationMissing(error)) return [];
    throw error;
  }
}

/** The names of the migrations in a folder, in their order. */
export function migrationsIn(directory: string): string[] {
  const files = readdirSync(directory).filter((file) => file.endsWith('.sql'));
  return files.map((file) => basename(file, '.sql')).sort();
}
