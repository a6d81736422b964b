import { watchedRedis } from '@secureconnect/redis/testing';
import { expect, it } from 'vitest';
import { redisUsers, untilGauges } from './support/gauges.ts';
import { startStack } from './support/stack.ts';
import { createPeople, startTraffic } from './support/traffic.ts';

it('a Sentinel failover under load loses nothing and duplicates nothing, the old master’s return included', {
  timeout: 120_000,
}, async () => {
  await using watched = await watchedRedis();
  if (watched.address.kind !== 'sentinel') throw new Error('expected sentinels');
  const { sentinels, masterName } = watched.address;
  await using stack = await startStack({
    REDIS_URL: '',
    REDIS_SENTINELS: sentinels.map(({ host, port }) => `${host}:${port}`).join(','),
    REDIS_MASTER_NAME: masterName,
  });
  const traffic = startTraffic(stack, await createPeople(stack));
  await traffic.goesOn();
  await watched.master.kill();
  await untilGauges(stack, '1');
  await untilGauges(stack, '0');
  await traffic.goesOn();
  await watched.master.restart();
  // The old master takes itself for one until the sentinel has told it otherwise.
  await traffic.goesOn();
  const summary = await traffic.end();

  const entered = stack.logs.filter(({ msg }) => msg === 'Redis entered degraded mode');
  expect(entered).toHaveLength(redisUsers.length);
  process.stdout.write(`Sentinel failover: ${summary}\n`);
});
