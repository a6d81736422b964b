/** Redis through ioredis, with settings that were measured. */
import { createRedisFailed } from '../redis/redis-failed.ts';
import { classify } from './classify.ts';

export type {
  ClusterAddress,
  Credentials,
  RedisAddress,
  SentinelAddress,
  ServerAccess,
  SingleAddress,
  TlsMaterial,
} from '../redis/address.ts';
export { CannotServe } from '../redis/cannot-serve.ts';
export type { Connection, ConnectionEvents, ConnectOptions } from '../redis/connection.ts';
export type { HostPort, NatMap } from '../redis/host-port.ts';
export { classify, connectionFailure } from './classify.ts';
export { connect } from './connect.ts';
export { connectCluster } from './connect-cluster.ts';

/** Whether an error came from Redis being unavailable, also the refusal of a port. */
export const redisFailed = createRedisFailed(classify);
