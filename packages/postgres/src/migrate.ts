import { setTimeout as delay } from 'node:timers/promises';
import { PG_MIGRATE_LOCK_ID, runner } from 'node-pg-migrate';
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
  await using lock = await lockMigrations(options.databaseUrl);
  // The runner's own client would end some time after it has returned, and bring the process down
  // if it broke.
  const client = await connect(options.databaseUrl);
  // Without the lock another instance may be at it.
  lock.client.once('error', () => void client.end());
  try {
    const done = await runner({
      dbClient: client,
      dir: options.directory,
      direction: 'up',
      // Not `schema`, which would be left in the session's search path.
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
  client.on('error', () => undefined); // the statement that comes next fails with the reason
  await client.connect();
  return client;
}

/**
 * Waits until no other instance runs migrations. The lock belongs to a transaction on a connection of
 * its own: one of a session would be left behind in a pooler's session, and nobody could give it back.
 */
async function lockMigrations(
  databaseUrl: string,
): Promise<AsyncDisposable & { readonly client: pg.Client }> {
  const client = await connect(databaseUrl);
  const end = async (): Promise<void> => {
    // Gives the lock back; where this fails the server has done so, with the connection.
    await client.query('ROLLBACK').catch(() => undefined);
    await client.end();
  };
  try {
    while (!(await tryToLock(client))) await delay(lockPauseMs);
  } catch (error) {
    await end();
    throw error;
  }
  return { client, [Symbol.asyncDispose]: end };
}

/**
 * Between two looks at a lock that somebody else has. Who waits in the server keeps one of a pooler's
 * sessions, and many such would leave none for who has the lock.
 */
const lockPauseMs = 100;

/** True when the transaction that is open then has the lock; else none is open. */
async function tryToLock(client: pg.Client): Promise<boolean> {
  await client.query(
    'BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = 0',
  );
  const { rows } = await client.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_xact_lock(${PG_MIGRATE_LOCK_ID}) AS locked`,
  );
  if (rows[0]?.locked === true) return true;
  await client.query('ROLLBACK');
  return false;
}
