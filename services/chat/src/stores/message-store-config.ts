import type { CassandraConfig } from './cassandra/cassandra-config.ts';

/** The store of messages: SQL, like all other data, or Cassandra. */
export type MessageStoreConfig =
  | { readonly kind: 'sql' }
  | { readonly kind: 'cassandra'; readonly cassandra: CassandraConfig };
