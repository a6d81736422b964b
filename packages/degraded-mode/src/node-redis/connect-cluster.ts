import type { ClusterAddress } from '../redis/address.ts';
import { type Connection, openConnection } from '../redis/connection.ts';
import { classify, connectionFailure } from './classify.ts';
import type { NodeRedisCluster } from './cluster-client.ts';
import { openCluster } from './open-cluster.ts';
import type { NodeRedisOptions } from './options.ts';

/**
 * Connects to a cluster, as `connect` does to a server. Redis counts as up while every slot is
 * served; while it is not, all connections are opened anew once a second.
 */
export async function connectCluster(
  address: ClusterAddress,
  options: NodeRedisOptions<NodeRedisCluster>,
): Promise<Connection<NodeRedisCluster>> {
  return openConnection<NodeRedisCluster>(
    { classify, connectionFailure, open: (events) => openCluster(address, options, events) },
    options,
  );
}
