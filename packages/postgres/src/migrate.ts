import { runner } from 'node-pg-migrate';
import pg from 'pg';

export interface MigrateOptions {
  readonly databaseUrl: string;
  /** The service's own schema, made when missing; its table of migrations lives there too. */
  readonly schema: string;
  /** The folder with `<number>_<name>.sql` files. */
  readonly directory: string;
  readonly log?: (line: string) => void;
}

/**
 * Brings a schema up to date; returns the names of the migrations it ran. Instances that start
 * together wait for one another.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  // The runner's own client would end some time after it has returned, and bring the process down
  // if it broke.
  const client = new pg.Client({ connectionString: options.databaseUrl });
  client.on('error', () => undefined); // the statement that comes next fails with the reason
  await client.connect();
  try {
    const done = await runner({
      dbClient: client,
      dir: options.directory,
      direction: 'up',
      schema: options.schema,
      createSchema: true,
      migrationsSchema: options.schema,
      migrationsTable: 'migrations',
      advisoryLockMode: 'wait',
      log: (line: string) => options.log?.(line),
      verbose: false,
    });
    return done.map((migration) => migration.name);
  } finally {
    await client.end();
  }
}
