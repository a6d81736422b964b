import type { RedisClusterOptions } from 'redis';
import type { ClusterAddress } from '../redis/address.ts';
import { accessOptions, socketOptions } from './client-options.ts';

/** The options of a client of a cluster, for node-redis 5.12. */
export function clusterOptions(address: ClusterAddress): RedisClusterOptions {
  const { nodes, natMap, tls } = address;
  return {
    rootNodes: nodes.map(({ host, port }) => ({ socket: { host, port } })),
    defaults: {
      ...accessOptions(address),
      disableOfflineQueue: true,
      socket: socketOptions(tls),
    },
    // Otherwise connect() waits for each master, without end for one that is down.
    minimizeConnections: true,
    // A slot moves once, and may be asked for at its former node.
    maxCommandRedirections: 3,
    ...(natMap === undefined ? {} : { nodeAddressMap: { ...natMap } }),
  };
}
