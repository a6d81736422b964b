import type { Database } from '@secureconnect/postgres';
import {
  type BatchMeasures,
  type Logger,
  probeDependency,
  type ReadinessCheck,
} from '@secureconnect/service';
import type { MessageStore } from './message-store.ts';
import type { MessageStoreConfig } from './message-store-config.ts';
import type { MessageStoreMode } from './message-store-mode.ts';
import { outsideSql } from './outside-sql.ts';
import { postgresMessages } from './postgres/postgres-messages.ts';

export interface MessageStoreOptions {
  readonly config: MessageStoreConfig;
  readonly database: Database;
  readonly log: Logger;
  /** Follows the store from the start. */
  readonly mode: MessageStoreMode;
  /** Counts the messages that are stored together. */
  readonly measures: BatchMeasures;
  readonly resources: AsyncDisposableStack;
}

export interface OpenMessageStore {
  readonly messages: MessageStore;
  /** The readiness checks in addition to the database. */
  readonly readiness: Readonly<Record<string, ReadinessCheck>>;
}

/** Opens the configured store; `resources` close it. */
export async function openMessageStore(options: MessageStoreOptions): Promise<OpenMessageStore> {
  const { config, database, log, measures, mode, resources } = options;
  if (config.kind === 'sql') {
    // An outage of the database has its own replies, so only a drill takes this store away.
    await probeDependency({ mode, resources, check: async () => undefined });
    return { messages: postgresMessages(database, measures), readiness: {} };
  }
  // Without Cassandra, its driver is not loaded.
  const { openCassandraMessages } = await import('./cassandra/open.ts');
  const messages = await openCassandraMessages(config.cassandra, log, resources);
  await probeDependency({ mode, resources, check: () => messages.ping() });
  return {
    messages: outsideSql(messages, database),
    readiness: { messages: () => messages.ping() },
  };
}
