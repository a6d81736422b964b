import type { BucketIndex } from './buckets.ts';
import type { CassandraConnection } from './connection.ts';

/** The dependencies of every operation on the tables. */
export interface CassandraTables {
  readonly connection: CassandraConnection;
  readonly buckets: BucketIndex;
}
