import { appendFileSync } from 'node:fs';
import { eventually, type TestRedis, testRedis } from '@secureconnect/testkit';
import type { Redis } from 'ioredis';

/** A server that speaks as part of a cluster, and knows no other yet. */
export async function clusterNode(): Promise<TestRedis> {
  const server = await testRedis();
  appendFileSync(server.files.config, 'cluster-enabled yes\n');
  await server.restart({ empty: true });
  return server;
}

/** Tells a server of another; the other's name in the cluster. */
export async function meet(redis: Redis, port: number): Promise<string> {
  await redis.cluster('MEET', '127.0.0.1', port);
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
