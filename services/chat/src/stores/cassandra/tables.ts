import type { BucketIndex } from './buckets.ts';
import type { CassandraConnection } from './connection.ts';

/** What every operation on the tables needs. */
export interface CassandraTables {
  readonly connection: CassandraConnection;
  readonly buckets: BucketIndex;
}
