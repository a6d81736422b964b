import {
  eventually,
  redisClusterSkipReason,
  type SocketClient,
  testRedisCluster,
} from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { redisUsers, untilGauges } from './support/gauges.ts';
import { openSocket } from './support/open-socket.ts';
import { startStack } from './support/stack.ts';
import { createPeople, startTraffic } from './support/traffic.ts';

const saidIn = (data: unknown): unknown =>
  typeof data === 'object' && data !== null && 'content' in data ? data.content : undefined;

/** What one types the other sees, by way of the bus alone. */
async function seesTyping(from: SocketClient, to: SocketClient, id: string): Promise<void> {
  await eventually(
    async () => {
      from.send({ type: 'typing', conversation_id: id });
      await to.next(({ type, conversation_id: where }) => type === 'typing' && where === id);
    },
    { timeoutMs: 15_000 },
  );
}

// Every row on a cluster, before and after a failover: redis-rights.test.ts.
it.skipIf(redisClusterSkipReason)(
  `a failover of a cluster under load loses and duplicates nothing${redisClusterSkipReason}`,
  { timeout: 240_000 },
  async () => {
    await using cluster = await testRedisCluster();
    const environment = { REDIS_URL: '', REDIS_CLUSTER: cluster.addresses };
    await using stack = await startStack(environment);
    await using second = await startStack(environment, { over: stack });
    const people = await createPeople(stack);
    const { ada, bob, conversationId } = people;
    using adaHere = await openSocket(`${stack.urls.chat}/v1/ws/chat`, ada.token);
    using bobThere = await openSocket(`${second.urls.chat}/v1/ws/chat`, bob.token);
    await seesTyping(adaHere, bobThere, conversationId);

    const traffic = startTraffic(stack, people);
    await traffic.goesOn();
    const master = await cluster.masterOf(0);
    await master.kill();
    await untilGauges(stack, '1');
    await untilGauges(stack, '0');
    await traffic.goesOn();
    await master.restart();
    await cluster.inStep();
    await traffic.goesOn();
    const summary = await traffic.end();

    const entered = stack.logs.filter(({ msg }) => msg === 'Redis entered degraded mode');
    expect(entered).toHaveLength(redisUsers.length);
    await untilGauges(second, '0');
    for (const content of traffic.acknowledged) {
      await bobThere.next(({ type, data }) => type === 'chat' && saidIn(data) === content);
    }
    await seesTyping(adaHere, bobThere, conversationId);
    process.stdout.write(`Cluster failover: ${summary}\n`);
  },
);
