import {
  clusterNode,
  connectedClient,
  meet,
  untilClusterServes,
} from '@secureconnect/degraded-mode/ioredis/testing';
import { eventually } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { opened, started, untilState } from '../test/opened.ts';

const lastSlot = 16_383;

it('a cluster of one is used like any server: keys of one script are in one place', async () => {
  await using server = await clusterNode();
  const operator = await connectedClient(server.url);
  await operator.cluster('ADDSLOTSRANGE', 0, lastSlot);
  await untilClusterServes(operator);
  operator.disconnect();
  await using redis = await started(server.url);
  expect(redis.mode.isAvailable()).toBe(true);
});

it('a cluster of two cannot be used by one address, wherever the probe’s own keys are', async () => {
  await using one = await clusterNode();
  await using two = await clusterNode();
  const operators = await Promise.all([one, two].map(({ url }) => connectedClient(url)));
  const [first, second] = operators;
  if (first === undefined || second === undefined) throw new Error('there are two');
  await first.cluster('ADDSLOTSRANGE', 0, 8000);
  await second.cluster('ADDSLOTSRANGE', 8001, lastSlot);
  await meet(first, two);
  await Promise.all(operators.map(untilClusterServes));
  for (const operator of operators) operator.disconnect();
  // By luck the keys of a process may all be on the server that it knows; not those of eight.
  for (let process = 0; process < 8; process += 1) {
    await using redis = opened(one.url, { healthCheckIntervalSeconds: 1 });
    await redis.start();
    await untilState(redis.mode, 'unavailable');
    await eventually(() => expect(redis.mode.availability.reason).toMatch(/^MOVED \w+$/));
    expect(redis.remedies().at(-1)).toMatch(
      /: the server is part of a cluster \(MOVED \w+\)\. Set REDIS_CLUSTER in place of REDIS_URL\.$/,
    );
  }
});
