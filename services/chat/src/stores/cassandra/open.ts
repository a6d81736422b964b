import type { Logger } from '@secureconnect/service';
import type { MessageStore } from '../message-store.ts';
import type { CassandraConfig } from './cassandra-config.ts';
import { cassandraMessages } from './cassandra-messages.ts';
import { CassandraConnection } from './connection.ts';

/** Opens the store, whether Cassandra is up or down; `resources` close it. */
export async function openCassandraMessages(
  config: CassandraConfig,
  log: Logger,
  resources: AsyncDisposableStack,
): Promise<MessageStore> {
  const connection = new CassandraConnection(config, log);
  resources.defer(() => connection.close());
  await connection.start();
  return cassandraMessages(connection);
}
