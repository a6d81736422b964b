import { expect, it } from 'vitest';
import {
  eventually,
  testRedisCluster,
  textField,
  withoutRedisCluster,
} from '../packages/testkit/src/index.ts';
import { sendSample } from './conformance/send-sample.ts';
import { tableRows } from './conformance/tables.ts';
import { bothWays } from './conformance/ways.ts';
import { createWorld } from './conformance/world.ts';
import { redisUsers, untilGauges } from './support/gauges.ts';
import { openSocket, type SocketClient } from './support/socket-client.ts';
import { type Stack, startStack } from './support/stack.ts';
import { again, history, Load } from './support/traffic.ts';

/** Every sample of every row, each with the status that it has with a Redis as usual. */
async function everyRowIsNormal(stack: Stack): Promise<void> {
  const world = createWorld(stack);
  for (const { to, method, sample } of bothWays(tableRows())) {
    const request = await sample.prepare(world);
    const reply = await sendSample(stack.urls[to], method, request);
    const wanted = [method, request.path, sample.status, null];
    expect([method, request.path, reply.status, reply.degraded]).toEqual(wanted);
  }
}

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

it.skipIf(withoutRedisCluster)(
  `on a cluster every row is as usual, and a failover under load loses and doubles nothing${withoutRedisCluster}`,
  { timeout: 240_000 },
  async () => {
    await using cluster = await testRedisCluster();
    const environment = { REDIS_URL: '', REDIS_CLUSTER: cluster.addresses };
    await using stack = await startStack(environment);
    await using second = await startStack(environment, { over: stack });
    await everyRowIsNormal(stack);

    const world = createWorld(stack);
    const [ada, bob, eve] = [await world.user(), await world.user(), await world.user()];
    const conversation = await world.data('chat', 'POST', '/v1/conversations', {
      token: ada.token,
      body: { type: 'direct', participant_ids: [bob.userId] },
    });
    const conversationId = textField(conversation, 'conversation_id');
    await world.data('auth', 'POST', '/v1/auth/logout', { token: eve.token });
    using adaHere = await openSocket(`${stack.urls.chat}/v1/ws/chat`, ada.token);
    using bobThere = await openSocket(`${second.urls.chat}/v1/ws/chat`, bob.token);
    await seesTyping(adaHere, bobThere, conversationId);

    const load = new Load(stack);
    const stop = new AbortController();
    const traffic = Promise.all([
      again(stop.signal, load.login(ada)),
      again(stop.signal, load.refresh(bob)),
      again(stop.signal, load.say(ada, conversationId)),
      again(stop.signal, load.useRevoked(eve.token)),
    ]);
    const goesOn = async (): Promise<void> => {
      const [refreshes, messages] = [load.refreshes, load.acknowledged.length];
      await Promise.race([
        traffic,
        eventually(() => {
          expect(load.refreshes).toBeGreaterThan(refreshes + 20);
          expect(load.acknowledged.length).toBeGreaterThan(messages + 20);
        }),
      ]);
    };
    await goesOn();
    const master = await cluster.masterOf(0);
    await master.kill();
    await untilGauges(stack, '1');
    await untilGauges(stack, '0');
    await goesOn();
    await master.restart();
    await cluster.inStep();
    await goesOn();
    stop.abort();
    await traffic;

    expect(load.refusals).toBeGreaterThan(0);
    const stored = await history(stack, ada.token, conversationId);
    expect([...stored].sort()).toEqual([...load.acknowledged].sort());
    const entered = stack.logs.filter(({ msg }) => msg === 'Redis entered degraded mode');
    expect(entered).toHaveLength(redisUsers.length);
    await untilGauges(second, '0');
    for (const content of load.acknowledged) {
      await bobThere.next(({ type, data }) => type === 'chat' && saidIn(data) === content);
    }
    await seesTyping(adaHere, bobThere, conversationId);
    await everyRowIsNormal(stack);
    process.stdout.write(
      `Cluster failover: logins refused for ${Math.round(load.longestRefusedMs)} ms, ` +
        `${load.acknowledged.length} messages, ${load.refreshes} refreshes, 0 lost, 0 doubled\n`,
    );
  },
);
