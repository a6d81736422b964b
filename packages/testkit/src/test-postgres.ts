import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  /** Ends its connections and drops it. */
  close(): Promise<void>;
}

/**
 * A fresh database in the PostgreSQL of this test run, or of TEST_DATABASE_URL.
 *
 * @param template the database that it is a copy of; without one it is empty
 */
export async function testPostgres(template?: string): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await run(
    server,
    `CREATE DATABASE ${name}${template === undefined ? '' : ` TEMPLATE ${template}`}`,
  );
  const url = new URL(server);
  url.pathname = `/${name}`;
  const close = () => run(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  return { url: url.href, close, [Symbol.asyncDispose]: close };
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
