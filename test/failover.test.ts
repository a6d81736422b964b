import { expect, it } from 'vitest';
import { watchedRedis } from '../packages/redis/test/sentinel.ts';
import { eventually, textField } from '../packages/testkit/src/index.ts';
import { createWorld } from './conformance/world.ts';
import { redisUsers, untilGauges } from './support/gauges.ts';
import { startStack } from './support/stack.ts';
import { again, history, Load } from './support/traffic.ts';

it('a Sentinel failover under load loses nothing and doubles nothing, the old master’s return included', {
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
  const world = createWorld(stack);
  const [ada, bob, eve] = [await world.user(), await world.user(), await world.user()];
  const conversation = await world.data('chat', 'POST', '/v1/conversations', {
    token: ada.token,
    body: { type: 'direct', participant_ids: [bob.userId] },
  });
  const conversationId = textField(conversation, 'conversation_id');
  await world.data('auth', 'POST', '/v1/auth/logout', { token: eve.token });

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
  await watched.master.kill();
  await untilGauges(stack, '1');
  await untilGauges(stack, '0');
  await goesOn();
  await watched.master.restart();
  // The old master takes itself for one until the sentinel has told it otherwise.
  await goesOn();
  stop.abort();
  await traffic;

  expect(load.refusals).toBeGreaterThan(0);
  const stored = await history(stack, ada.token, conversationId);
  expect([...stored].sort()).toEqual([...load.acknowledged].sort());
  const entered = stack.logs.filter(({ msg }) => msg === 'Redis entered degraded mode');
  expect(entered).toHaveLength(redisUsers.length);
  process.stdout.write(
    `Sentinel failover: logins refused for ${Math.round(load.longestRefusedMs)} ms, ` +
      `${load.acknowledged.length} messages, ${load.refreshes} refreshes, 0 lost, 0 doubled\n`,
  );
});
