/** Redis through node-redis, with settings that were measured. */
import { createRedisFailed } from '../redis/redis-failed.ts';
import { classify } from './classify.ts';

export type {
  ClusterAddress,
  Credentials,
  SentinelAddress,
  ServerAccess,
  SingleAddress,
  TlsMaterial,
} from '../redis/address.ts';
export { CannotServe } from '../redis/cannot-serve.ts';
export type { Connection } from '../redis/connection.ts';
export type { HostPort, NatMap } from '../redis/host-port.ts';
export { classify, connectionFailure, markConnectionError } from './classify.ts';
export type { NodeRedisCluster } from './cluster-client.ts';
export { connect } from './connect.ts';
export { connectCluster } from './connect-cluster.ts';
export { connectSentinels } from './connect-sentinels.ts';
export type { NodeRedisSentinel } from './open-sentinels.ts';
export type { NodeRedisClient } from './open-server.ts';
export type { NodeRedisOptions } from './options.ts';

/** Whether an error came from Redis being unavailable, also the refusal of a port. */
export const redisFailed = createRedisFailed(classify);
