import { createCluster } from 'redis';
import type { ClusterAddress } from '../redis/address.ts';
import { createClusterProbes } from '../redis/cluster-probes.ts';
import type { ConnectionEvents, OpenedClient } from '../redis/connection.ts';
import { markConnectionError } from './classify.ts';
import type { NodeRedisCluster } from './cluster-client.ts';
import { clusterOptions } from './cluster-options.ts';
import { clusterView } from './cluster-view.ts';
import type { NodeRedisOptions } from './options.ts';
import { connectUntilItStands } from './stand.ts';

/** A client of a cluster, with a connection to each master that is used. */
export function openCluster(
  address: ClusterAddress,
  { probeKeyPrefix = '', alsoProbe }: NodeRedisOptions<NodeRedisCluster>,
  events: ConnectionEvents,
): OpenedClient<NodeRedisCluster> {
  const redis: NodeRedisCluster = createCluster(clusterOptions(address));
  let lastError: unknown;
  let isClosed = false;
  redis.on('error', (error: unknown) => {
    markConnectionError(error);
    lastError = error;
  });
  redis.on('node-error', (error: unknown) => {
    markConnectionError(error);
    events.onFailure(error);
  });
  redis.on('node-ready', events.onReady);

  let connecting = Promise.resolve();
  const connect = (): Promise<void> => {
    connecting = connectUntilItStands({
      connect: () => redis.connect(),
      onFailure: (error) => events.onFailure(lastError ?? error),
      isClosed: () => isClosed,
    });
    return connecting;
  };
  const disconnect = (): void => {
    if (redis.isOpen) redis.destroy();
  };
  const probes = createClusterProbes({
    cluster: clusterView(redis, () => {
      if (!redis.isOpen) return; // it is connecting already
      disconnect();
      void connect();
    }),
    epochKeyOf: (name) => `${probeKeyPrefix}degraded-mode:epoch:{${name}}`,
  });
  const full = async (): Promise<void> => {
    await Promise.all([probes.full(), alsoProbe?.(redis)]);
  };
  return {
    redis,
    probes: { ...probes, full },
    connect,
    async close() {
      isClosed = true;
      disconnect();
      await connecting;
    },
  };
}
