import type { CassandraConfig } from './cassandra/cassandra-config.ts';

/** Where messages are kept: beside everything else in SQL, or in Cassandra. */
export type MessageStoreConfig =
  | { readonly kind: 'sql' }
  | { readonly kind: 'cassandra'; readonly cassandra: CassandraConfig };
