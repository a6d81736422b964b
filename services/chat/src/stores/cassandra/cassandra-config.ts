/** Cassandra's address, and our keyspace in it. */
export interface CassandraConfig {
  /** `host:port` of some nodes, through which the client finds the others. */
  readonly contactPoints: readonly string[];
  /** The data centre of the nodes to query and of the replicas for a quorum. */
  readonly localDataCenter: string;
  readonly keyspace: string;
  /** Copies of each row in the data centre; used when the keyspace is created. */
  readonly replicationFactor: number;
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
}
