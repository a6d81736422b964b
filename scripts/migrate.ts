// Brings the schema of every service up to date: node scripts/migrate.ts, with DATABASE_URL set; and
// the keyspace of the messages, where CASSANDRA_CONTACT_POINTS is set.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../packages/postgres/src/index.ts';

const services = join(import.meta.dirname, '..', 'services');
const databaseUrl = process.env['DATABASE_URL'];
if (!databaseUrl) {
  process.stderr.write('DATABASE_URL is not set; expected a postgresql:// URL.\n');
  process.exit(1);
}

// Loaded only where it is needed: npm start is to be quick.
const messageStore = process.env['CASSANDRA_CONTACT_POINTS']
  ? (await import('../services/chat/src/config.ts')).readMessageStoreConfig(process.env)
  : undefined;

for (const schema of readdirSync(services).sort()) {
  const directory = join(services, schema, 'migrations');
  if (!existsSync(directory) || readdirSync(directory).length === 0) continue;
  const done = await migrate({ databaseUrl, schema, directory });
  report(schema, done);
}

if (messageStore?.kind === 'cassandra') {
  const { migrateCassandra } = await import('../services/chat/src/stores/cassandra/migrate.ts');
  const directory = join(services, 'chat/cassandra-migrations');
  report(
    'chat in Cassandra',
    await migrateCassandra({ config: messageStore.cassandra, directory }),
  );
}

function report(what: string, done: readonly string[]): void {
  process.stdout.write(`${what}: ${done.length === 0 ? 'up to date' : done.join(', ')}\n`);
}
