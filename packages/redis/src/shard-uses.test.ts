import { connectedClient } from '@secureconnect/degraded-mode/ioredis/testing';
import { eventually, testRedis } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { createArrivals } from './arrivals.ts';
import { createClient } from './client.ts';
import { createShardUses } from './shard-uses.ts';

/** More than the listeners of an event at which Node warns of a leak. */
const mastersCount = 12;

it('probes of many masters share one listener, and keep no channel of a slot or master that left', async () => {
  await using server = await testRedis();
  const redis = createClient({ kind: 'single', url: server.url }, 'test:');
  await redis.connect();
  const subscriber = await connectedClient(server.url);
  const arrivals = createArrivals(subscriber);
  const onHeard = () => undefined;
  const shards = Array.from({ length: mastersCount }, (_, number) =>
    createShardUses({ redis, subscriber, arrivals, onHeard, name: `process:${number}` }),
  );
  const channels = async () => new Set((await redis.pubsub('CHANNELS')).map(String));
  // Eventually, for a message may be late on a busy machine.
  await eventually(() => Promise.all(shards.map((shard) => shard.probe(() => true))));
  expect(subscriber.listenerCount('message')).toBe(1);
  const before = await channels();
  expect(before.size).toBe(mastersCount);

  // The slot at which one listens moves away; others stay.
  let left: number | undefined;
  const isMine = (slot: number): boolean => {
    left ??= slot;
    return slot !== left;
  };
  await eventually(async () => shards[0]?.probe(isMine));
  await eventually(async () => {
    const after = await channels();
    const added = [...after].filter((channel) => !before.has(channel));
    expect([after.size, added.length]).toEqual([mastersCount, 1]);
  });

  for (const shard of shards) shard.end();
  await eventually(async () => expect(await channels()).toEqual(new Set()));
  redis.disconnect();
  subscriber.disconnect();
});
