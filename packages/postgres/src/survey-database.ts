import pg from 'pg';
import { migrationsIn, runMigrations, type SchemaMigrations } from './pending-migrations.ts';

/** How a database fits this version and this machine. */
export interface DatabaseSurvey {
  /** Migrations of this version that have not run. */
  readonly missing: readonly string[];
  /** Migrations that have run and that this version does not know. */
  readonly unknown: readonly string[];
  /** By how much the server's clock is ahead of the clock here, in milliseconds; may be negative. */
  readonly clockAheadMs: number;
}

const timeLimitMs = 5000;

/** Compares a schema with its migrations, and the clocks. Rejects if the database does not answer. */
export async function surveyDatabase(
  databaseUrl: string,
  { schema, directory }: SchemaMigrations,
): Promise<DatabaseSurvey> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: timeLimitMs,
    query_timeout: timeLimitMs,
  });
  client.on('error', () => undefined); // the next statement fails with the reason
  try {
    await client.connect();
    const run = await runMigrations(client, schema);
    const expected = migrationsIn(directory);
    return {
      missing: expected.filter((name) => !run.includes(name)),
      unknown: run.filter((name) => !expected.includes(name)),
      clockAheadMs: await clockAheadMs(client),
    };
  } finally {
    await client.end();
  }
}

/** The clock here is read in the middle of the round trip. */
async function clockAheadMs(client: pg.Client): Promise<number> {
  const before = Date.now();
  const { rows } = await client.query<{ now_ms: string }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::text AS now_ms',
  );
  return Number(rows[0]?.now_ms) - (before + Date.now()) / 2;
}
