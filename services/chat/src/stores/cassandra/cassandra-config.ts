/** Where Cassandra is, and what is ours in it. */
export interface CassandraConfig {
  /** `host:port` of some of its nodes; the others are found through them. */
  readonly contactPoints: readonly string[];
  /** The data centre whose nodes are asked, and whose replicas make the quorum. */
  readonly localDataCenter: string;
  readonly keyspace: string;
  /** Copies of each row in the data centre; used when the keyspace is made. */
  readonly replicationFactor: number;
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
}
