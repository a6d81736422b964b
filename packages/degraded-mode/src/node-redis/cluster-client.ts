import type { createCluster } from 'redis';

/** A client of node-redis of a cluster, with its default modules. */
export type NodeRedisCluster = ReturnType<typeof createCluster>;
