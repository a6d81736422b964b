import { redisClusterSkipReason, testRedisCluster } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { countVia, pace, untilCounted, untilState } from '../../test/redis/client-contract.ts';
import * as ioredis from '../ioredis/index.ts';
import * as nodeRedis from '../node-redis/index.ts';
import type { ClusterAddress } from './address.ts';
import { slotOf } from './slot.ts';

const keys = Array.from({ length: 30 }, (_unused, number) => `visits:${number}`);

it.skipIf(redisClusterSkipReason)(
  `a cluster is down with one of its masters, and up with the replica that replaces it, by both clients${redisClusterSkipReason}`,
  { timeout: 60_000 },
  async () => {
    await using cluster = await testRedisCluster({ nodeTimeoutMs: 500 });
    const nodes = cluster.addresses.split(',').map((text) => {
      const [host = '', port] = text.split(':');
      return { host, port: Number(port) };
    });
    const address: ClusterAddress = { kind: 'cluster', nodes };
    const one = await ioredis.connectCluster(address, { ...pace, keyPrefix: 'shop:' });
    const other = await nodeRedis.connectCluster(address, pace);
    const clients = [
      { ...one, commands: { increment: (key: string) => one.redis.incr(key) } },
      { ...other, commands: { increment: (key: string) => other.redis.incr(key) } },
    ];
    const all = (state: 'available' | 'unavailable') =>
      Promise.all(clients.map((client) => untilState(client, state)));
    await all('available');

    const slot = slotOf(keys[0] ?? '');
    const master = await cluster.masterOf(slot);
    await master.kill();
    await all('unavailable');
    for (const client of clients) expect(await countVia(client, keys[0])).toBe('local');
    await all('available');
    for (const client of clients) await Promise.all(keys.map((key) => untilCounted(client, key)));
    await Promise.all(clients.map(({ close }) => close()));
  },
);
