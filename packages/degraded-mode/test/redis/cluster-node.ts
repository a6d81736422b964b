import { appendFileSync } from 'node:fs';
import { eventually, freePort, type TestRedis, testRedis } from '@secureconnect/testkit';
import type { Redis } from 'ioredis';

/** A server of a cluster, where others find it under `busPort`. */
export interface ClusterNode extends TestRedis {
  readonly busPort: number;
}

/** A server that speaks as part of a cluster, and knows no other yet. */
export async function clusterNode(): Promise<ClusterNode> {
  const server = await testRedis();
  // By default 10,000 above its own port, which may be more than there are.
  const busPort = await freePort();
  appendFileSync(server.files.config, `cluster-enabled yes\ncluster-port ${busPort}\n`);
  await server.restart({ empty: true });
  return Object.assign(server, { busPort });
}

/** Tells a server of another; the other's name in the cluster. */
export async function meet(redis: Redis, { port, busPort }: ClusterNode): Promise<string> {
  await redis.call('CLUSTER', 'MEET', '127.0.0.1', port, busPort);
  return eventually(async () => {
    const nodes = String(await redis.cluster('NODES')).split('\n');
    const found = nodes.find((line) => line.includes(`:${port}@`) && line.includes(' connected'));
    const [id] = found?.split(' ') ?? [];
    if (id === undefined || found?.includes('handshake')) throw new Error('not met yet');
    return id;
  });
}

/** Resolves when every slot has its server, and all know of it. */
export async function untilClusterServes(redis: Redis): Promise<void> {
  await eventually(async () => {
    if (!String(await redis.cluster('INFO')).includes('cluster_state:ok')) {
      throw new Error('the cluster does not serve yet');
    }
  });
}
