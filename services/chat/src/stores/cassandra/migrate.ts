import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'cassandra-driver';
import type { CassandraConfig } from './cassandra-config.ts';
import { clientOptions } from './client-options.ts';
import { withMigrationLock } from './migration-lock.ts';
import { scrubLog } from './scrub-log.ts';

export interface MigrateCassandraOptions {
  readonly config: CassandraConfig;
  /**
   * The folder of the `<number>_<name>.cql` files; statements end with `;` at the end of a line.
   */
  readonly directory: string;
}

/** Code to run after a migration, for changes that statements cannot make. */
const afterwards: ReadonlyMap<string, typeof scrubLog> = new Map([
  ['0002_log_without_text', scrubLog],
]);

/** Creating a table or an index takes longer than the limit of a request. */
const readTimeoutMs = 30_000;

/**
 * Creates the keyspace if it is missing, and migrates its tables; returns the names of the
 * migrations that ran. Concurrent instances wait for each other.
 */
export async function migrateCassandra({
  config,
  directory,
}: MigrateCassandraOptions): Promise<string[]> {
  const client = new Client(clientOptions(config, readTimeoutMs));
  await client.connect();
  try {
    await makeKeyspace(client, config);
    return await withMigrationLock(client, randomUUID(), async (keepLock) => {
      const applied = await appliedMigrations(client);
      const names = migrationsIn(directory).filter((name) => !applied.has(name));
      for (const name of names) {
        await keepLock();
        await runMigration({ client, directory, name, keepLock });
      }
      return names;
    });
  } finally {
    await client.shutdown();
  }
}

async function makeKeyspace(client: Client, config: CassandraConfig): Promise<void> {
  const { keyspace, localDataCenter, replicationFactor } = config;
  // Names cannot be parameters; the configuration has validated both.
  await change(
    client,
    `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = {
      'class': 'NetworkTopologyStrategy', '${localDataCenter}': ${replicationFactor} }`,
  );
  await client.execute(`USE ${keyspace}`, [], { prepare: false });
  await change(
    client,
    `CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, holder text, applied_at timestamp)`,
  );
}

async function appliedMigrations(client: Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.execute('SELECT name, applied_at FROM migrations');
  const applied = rows.filter((row) => row['applied_at'] !== null);
  return new Set(applied.map((row) => String(row['name'])));
}

function migrationsIn(directory: string): string[] {
  const files = readdirSync(directory).filter((file) => file.endsWith('.cql'));
  return files.map((file) => file.slice(0, -'.cql'.length)).sort();
}

interface Migration {
  readonly client: Client;
  readonly directory: string;
  readonly name: string;
  readonly keepLock: () => Promise<void>;
}

async function runMigration({ client, directory, name, keepLock }: Migration): Promise<void> {
  const text = readFileSync(join(directory, `${name}.cql`), 'utf8').replaceAll(/^\s*--.*$/gm, '');
  const statements = text.split(/;\s*$/m).filter((statement) => statement.trim() !== '');
  for (const statement of statements) await change(client, statement);
  const afterward = afterwards.get(name);
  if (afterward !== undefined) await afterward(client, keepLock);
  await client.execute('INSERT INTO migrations (name, applied_at) VALUES (?, ?)', [
    name,
    new Date(),
  ]);
}

/** Changes the schema; every node must know the change before the next one. */
async function change(client: Client, statement: string): Promise<void> {
  const result = await client.execute(statement, [], { prepare: false });
  // The driver waits for agreement and reports it in a field that its types lack.
  const info: typeof result.info & { isSchemaInAgreement?: boolean } = result.info;
  if (info.isSchemaInAgreement === false) {
    throw new Error(
      'Cassandra: the nodes do not agree on the schema; check that every node is up.',
    );
  }
}
