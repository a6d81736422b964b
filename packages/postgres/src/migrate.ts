import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

export interface MigrateOptions {
  readonly databaseUrl: string;
  /** The service's schema, created if it is missing; it also has the table of migrations. */
  readonly schema: string;
  /** The folder with `<number>_<name>.sql` files. */
  readonly directory: string;
  readonly log?: (line: string) => void;
}

/**
 * Brings a schema up to date; returns the names of the migrations that it ran. Instances that start
 * at the same time wait for one another.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  // Loaded only here: services import this package, and start faster without it.
  const { PG_MIGRATE_LOCK_ID, runner } = await import('node-pg-migrate');
  await using lock = await lockMigrations(options.databaseUrl, PG_MIGRATE_LOCK_ID);
  // The runner's own client would end only after the runner has returned, and an error of it would
  // end the process.
  const client = await connect(options.databaseUrl);
  // Without the lock, a different instance may run migrations too.
  lock.client.once('error', () => void client.end());
  try {
    const done = await runner({
      dbClient: client,
      dir: options.directory,
      direction: 'up',
      // Not `schema`, which would change the search path of the session.
      migrationsSchema: options.schema,
      createMigrationsSchema: true,
      migrationsTable: 'migrations',
      noLock: true,
      log: (line: string) => options.log?.(line),
      verbose: false,
    });
    return done.map((migration) => migration.name);
  } finally {
    await client.end();
  }
}

async function connect(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined); // the next statement fails with the reason
  await client.connect();
  return client;
}

/**
 * Waits until no other instance runs migrations. The lock belongs to a transaction on a separate
 * connection, because a session's lock would stay in the session of a pooler, where nobody could
 * release it.
 */
async function lockMigrations(
  databaseUrl: string,
  lockId: number,
): Promise<AsyncDisposable & { readonly client: pg.Client }> {
  const client = await connect(databaseUrl);
  const end = async (): Promise<void> => {
    // Releases the lock. If this fails, the server has released it with the connection.
    await client.query('ROLLBACK').catch(() => undefined);
    await client.end();
  };
  try {
    while (!(await tryToLock(client, lockId))) await delay(lockPauseMs);
  } catch (error) {
    await end();
    throw error;
  }
  return { client, [Symbol.asyncDispose]: end };
}

/**
 * The pause between two attempts to lock. A client that waits in the server occupies a session of a
 * pooler, and many waiting clients would leave none for the owner of the lock.
 */
const lockPauseMs = 100;

/** If true, a transaction with the lock is open; if false, none is. */
async function tryToLock(client: pg.Client, lockId: number): Promise<boolean> {
  await client.query(
    'BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = 0',
  );
  const { rows } = await client.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_xact_lock(${lockId}) AS locked`,
  );
  if (rows[0]?.locked === true) return true;
  await client.query('ROLLBACK');
  return false;
}
