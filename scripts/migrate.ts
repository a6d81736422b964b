// Migrates the schema of every service: node scripts/migrate.ts, with DATABASE_URL set; and the
// keyspace of the messages, if CASSANDRA_CONTACT_POINTS is set. With `--wait SECONDS` it waits up
// to that long for servers that are still starting.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
// By its path: the image of the migrations installs nothing for the root.
import {
  explainDatabaseFailure,
  explainWrongOptions,
  isDatabaseUnavailable,
  migrate,
  pendingMigrations,
} from '../packages/postgres/src/index.ts';
import { patiently } from './migrate/patiently.ts';

const waitSeconds = readWaitSeconds();

const services = join(import.meta.dirname, '..', 'services');
const databaseUrl = process.env['DATABASE_URL'];
if (!databaseUrl) {
  process.stderr.write('DATABASE_URL is not set; expected a postgresql:// URL.\n');
  process.exit(1);
}

// Loaded only when needed, so that npm start is fast.
const messageStore = process.env['CASSANDRA_CONTACT_POINTS']
  ? (await import('../services/chat/src/config.ts')).readMessageStoreConfig(process.env)
  : undefined;

/** Waits for a server that is not up yet, and prints a line per attempt. */
const waiting = (what: string, isPassing: (error: unknown) => boolean) => ({
  waitSeconds,
  isPassing,
  onFailure: (error: unknown) =>
    process.stdout.write(`waiting for ${what}: ${String(error).split('\n')[0]}\n`),
});

try {
  await patiently(migrateSql(databaseUrl), waiting('the database', isDatabaseUnavailable));
} catch (error) {
  endWith(explainDatabaseFailure(error, databaseUrl), error);
}

if (messageStore?.kind === 'cassandra') {
  const { migrateCassandra } = await import('../services/chat/src/stores/cassandra/migrate.ts');
  const { isCassandraUnavailable } = await import(
    '../services/chat/src/stores/cassandra/unavailable.ts'
  );
  const { explainCassandraFailure } = await import(
    '../services/chat/src/stores/cassandra/explain-failure.ts'
  );
  const { cassandra: config } = messageStore;
  const directory = join(services, 'chat/cassandra-migrations');
  const run = (): Promise<string[]> => migrateCassandra({ config, directory });
  try {
    report('chat in Cassandra', await patiently(run, waiting('Cassandra', isCassandraUnavailable)));
  } catch (error) {
    endWith(explainCassandraFailure(error, config), error);
  }
}

function readWaitSeconds(): number {
  try {
    const { values } = parseArgs({ options: { wait: { type: 'string', default: '0' } } });
    if (/^\d{1,4}$/.test(values.wait)) return Number(values.wait);
    return endWith(`--wait is "${values.wait}"; expected a whole number of seconds.`, undefined);
  } catch (error) {
    return endWith(explainWrongOptions(error), error);
  }
}

/** Ends with the line for an operator; without one, the error is a fault of the migrations. */
function endWith(line: string | undefined, error: unknown): never {
  if (line === undefined) throw error;
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

function migrateSql(url: string): () => Promise<void> {
  return async () => {
    const all = readdirSync(services)
      .sort()
      .map((schema) => ({ schema, directory: join(services, schema, 'migrations') }))
      .filter(({ directory }) => existsSync(directory) && readdirSync(directory).length > 0);
    const pending = await pendingMigrations(url, all);
    for (const one of all) {
      report(one.schema, pending.includes(one) ? await migrate({ databaseUrl: url, ...one }) : []);
    }
  };
}

function report(what: string, done: readonly string[]): void {
  process.stdout.write(`${what}: ${done.length === 0 ? 'up to date' : done.join(', ')}\n`);
}
