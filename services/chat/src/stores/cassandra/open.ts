import type { Logger } from '@secureconnect/service';
import type { CassandraConfig } from './cassandra-config.ts';
import { CassandraMessages } from './cassandra-messages.ts';
import { CassandraConnection } from './connection.ts';

/** Opens the store, whether Cassandra is up or down; `resources` close it. */
export async function openCassandraMessages(
  config: CassandraConfig,
  log: Logger,
  resources: AsyncDisposableStack,
): Promise<CassandraMessages> {
  const connection = new CassandraConnection(config, log);
  resources.defer(() => connection.close());
  await connection.start();
  return new CassandraMessages(connection);
}
