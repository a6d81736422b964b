import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { migrateCassandra } from '../../services/chat/src/stores/cassandra/migrate.ts';
import { cassandraAddress } from '../paging/cassandra-server.ts';
import { migratedPostgres } from '../support/servers.ts';
import type { CassandraSettings, Settings } from './subjects/subject.ts';

/** The databases of the whole benchmark. Redis is not among them: every run kills one of its own. */
export interface Backends extends AsyncDisposable {
  readonly settings: Omit<Settings, 'redisUrl'>;
}

const services = join(import.meta.dirname, '../../services');
/** The benchmark shares a small machine. */
const smallHeap = '-Xms256m -Xmx768m -XX:+UseSerialGC';

/** Starts PostgreSQL, durable as under `npm start`, and one node of Cassandra where there is one. */
export async function startBackends(): Promise<Backends> {
  await using parts = new AsyncDisposableStack();
  const databaseUrl = await migratedPostgres(['auth', 'chat'], parts);
  const cassandra = isCassandraThere() ? await startCassandra(parts) : undefined;
  const jwtSecret = randomBytes(32).toString('base64');
  const owned = parts.move();
  return {
    settings: { databaseUrl, jwtSecret, cassandra },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function isCassandraThere(): boolean {
  return Boolean(process.env['TEST_CASSANDRA'] || process.env['SECURECONNECT_BACKENDS']);
}

async function startCassandra(parts: AsyncDisposableStack): Promise<CassandraSettings> {
  process.env['CASSANDRA_JVM_OPTS'] ??= smallHeap;
  const { contactPoint } = parts.use(await cassandraAddress());
  const settings = {
    contactPoint,
    localDataCenter: 'datacenter1',
    keyspace: `bench_chat_${process.pid}`,
    replicationFactor: 1,
  };
  const config = { ...settings, contactPoints: [contactPoint], credentials: undefined };
  await migrateCassandra({ config, directory: join(services, 'chat/cassandra-migrations') });
  return settings;
}
