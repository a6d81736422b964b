import {
  askRedis,
  eventually,
  redisClusterSkipReason,
  testRedis,
  testRedisCluster,
} from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { redisClusterCheck } from '../checks/redis-cluster.ts';
import { openDeployment } from '../deployment.ts';

/** The rights of docs/redis.md for one server that the doctor needs. */
const rights = [
  'reset',
  'on',
  '>word-of-the-services',
  '~secureconnect:*',
  '-@all',
  '+info',
  '+time',
];

describe('the survey of Redis', () => {
  it('needs no more than the rights of the services', async () => {
    await using redis = await testRedis();
    await askRedis(redis.port, `ACL SETUSER chat ${rights.join(' ')}`);
    await askRedis(redis.port, 'ACL SETUSER default off');
    const environment = {
      ...{ REDIS_URL: redis.url, REDIS_USERNAME: 'chat', REDIS_PASSWORD: 'word-of-the-services' },
    };
    const { masters, silent } = await openDeployment(environment, undefined).redis();
    expect(silent).toEqual([]);
    expect(masters[0]).toMatchObject({
      admitsAnybody: false,
      settings: expect.stringMatching(/NOPERM/),
    });
    expect(masters[0]?.info.get('role')).toBe('master');
    expect(Math.abs(Number(masters[0]?.clockAheadMs))).toBeLessThan(2000);
  });

  it('says why a server is silent', async () => {
    await using redis = await testRedis();
    await askRedis(redis.port, 'CONFIG SET requirepass right');
    const environment = { REDIS_URL: redis.url, REDIS_PASSWORD: 'wrong' };
    const { masters, silent } = await openDeployment(environment, undefined).redis();
    expect(masters).toEqual([]);
    expect(silent).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+: WRONGPASS /)]);
  });

  it.skipIf(redisClusterSkipReason !== '')(
    `sees a real cluster${redisClusterSkipReason}`,
    { timeout: 60_000 },
    async () => {
      await using cluster = await testRedisCluster();
      const environment = { REDIS_CLUSTER: cluster.addresses };
      // CLUSTER SLOTS names a replica as soon as it has received something from its master.
      await eventually(
        async () => {
          const deployment = openDeployment(environment, undefined);
          const { masters, silent } = await deployment.redis();
          expect(silent).toEqual([]);
          expect(masters).toHaveLength(3);
          const found = 'all slots served by 3 masters with replicas';
          expect(await redisClusterCheck.run(deployment)).toEqual({ status: 'ok', found });
        },
        { timeoutMs: 30_000, intervalMs: 200 },
      );
    },
  );
});
