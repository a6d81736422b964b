import { expect, it } from 'vitest';
import { redisClusterSkipReason, testRedisCluster } from './test-redis-cluster.ts';

it.skipIf(redisClusterSkipReason)(
  `a cluster has three masters, and a replica takes over from one that is killed${redisClusterSkipReason}`,
  { timeout: 60_000 },
  async () => {
    await using cluster = await testRedisCluster();
    const [first, second] = [await cluster.masterOf(0), await cluster.masterOf(16_383)];
    expect(first).not.toBe(second);
    const [replica] = await cluster.replicasOf(first);
    expect(await cluster.ask(first, 'set', '{06S}', 'value')).toBe('OK\n');
    await first.kill();
    await cluster.inStep();
    expect(await cluster.masterOf(0)).toBe(replica);
    await first.restart();
    await cluster.inStep();
    expect(await cluster.replicasOf(replica ?? second)).toEqual([first]);
  },
);
