import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createLogger } from '@secureconnect/service';
import { sharedCassandra } from '@secureconnect/testkit';
import { Client } from 'cassandra-driver';
import type { CassandraConfig } from '../../src/stores/cassandra/cassandra-config.ts';
import { cassandraMessages } from '../../src/stores/cassandra/cassandra-messages.ts';
import { CassandraConnection } from '../../src/stores/cassandra/connection.ts';
import { migrateCassandra } from '../../src/stores/cassandra/migrate.ts';

const quiet = createLogger({ service: 'chat', level: 'fatal' });
/** Where the tables of the keyspace are written down. */
export const migrationsDirectory = join(import.meta.dirname, '../../cassandra-migrations');

/** A keyspace of a test's own; its name is fresh. */
export function freshKeyspace(address: {
  readonly contactPoints: string;
  readonly localDataCenter: string;
}): CassandraConfig {
  return {
    contactPoints: [address.contactPoints],
    localDataCenter: address.localDataCenter,
    keyspace: `test_${randomBytes(8).toString('hex')}`,
    replicationFactor: 1,
    credentials: undefined,
  };
}

/** A client for what the service never does. The caller closes it. */
export async function adminClient(config: CassandraConfig): Promise<Client> {
  const { contactPoints, localDataCenter } = config;
  const client = new Client({
    contactPoints: [...contactPoints],
    localDataCenter,
    socketOptions: { readTimeout: 30_000 },
  });
  await client.connect();
  return client;
}

/** A store in a keyspace of its own, with the connection below it; both go when it is disposed of. */
export async function openCassandraStore() {
  await using parts = new AsyncDisposableStack();
  const config = freshKeyspace(parts.use(await sharedCassandra()));
  const admin = parts.adopt(await adminClient(config), (client) => client.shutdown());
  await migrateCassandra({ config, directory: migrationsDirectory });
  parts.defer(async () => {
    await admin.execute(`DROP KEYSPACE ${config.keyspace}`);
  });
  const connection = new CassandraConnection(config, quiet);
  parts.defer(() => connection.close());
  await connection.start();
  const owned = parts.move();
  return {
    store: cassandraMessages(connection),
    connection,
    config,
    async rawLog(conversationId: string): Promise<string> {
      const { rows } = await admin.execute(
        `SELECT * FROM ${config.keyspace}.events WHERE conversation_id = ? ALLOW FILTERING`,
        [conversationId],
        { prepare: true },
      );
      return JSON.stringify(rows);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
