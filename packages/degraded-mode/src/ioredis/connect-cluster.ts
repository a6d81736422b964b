import type { Cluster } from 'ioredis';
import type { ClusterAddress } from '../redis/address.ts';
import { createClusterProbes } from '../redis/cluster-probes.ts';
import {
  type Connection,
  type ConnectionEvents,
  type ConnectOptions,
  type OpenedClient,
  openConnection,
} from '../redis/connection.ts';
import { classify, connectionFailure } from './classify.ts';
import { clusterView } from './cluster-view.ts';
import { openCluster } from './open-cluster.ts';

/**
 * Connects to a cluster, as `connect` does to a server. Redis counts as up while every slot is
 * served.
 * @throws Error for a `keyPrefix` with a brace
 */
export async function connectCluster(
  address: ClusterAddress,
  options: ConnectOptions<Cluster>,
): Promise<Connection<Cluster>> {
  const open = (events: ConnectionEvents) => openProbedCluster(address, options, events);
  return openConnection<Cluster>({ classify, connectionFailure, open }, options);
}

function openProbedCluster(
  address: ClusterAddress,
  { keyPrefix = '', alsoProbe }: ConnectOptions<Cluster>,
  events: ConnectionEvents,
): OpenedClient<Cluster> {
  if (keyPrefix.includes('{')) {
    throw new Error('keyPrefix has a brace: all keys would be in one slot of the cluster');
  }
  const { cluster, connect, close } = openCluster(address, events, keyPrefix);
  const probes = createClusterProbes({
    cluster: clusterView(cluster),
    keyPrefix,
    epochKeyOf: (name) => `degraded-mode:epoch:{${name}}`,
  });
  const full = async (): Promise<void> => {
    await Promise.all([probes.full(), alsoProbe?.(cluster)]);
  };
  return { redis: cluster, probes: { ...probes, full }, connect, close };
}
