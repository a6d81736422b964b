/** Where the backends of a run are, and what its tokens are signed with. */
export interface Settings {
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly jwtSecret: string;
  /** Undefined: messages are in PostgreSQL. */
  readonly cassandra: CassandraSettings | undefined;
}

export interface CassandraSettings {
  /** `host:port`. */
  readonly contactPoint: string;
  readonly localDataCenter: string;
  readonly keyspace: string;
  readonly replicationFactor: number;
}

/** One of the two instances of a chat, in a process of its own. */
export interface Subject {
  /** Opens a port of loopback. Resolves to it when Redis is connected. */
  listen(): Promise<number>;
}
