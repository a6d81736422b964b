import { connectedClient } from '@secureconnect/degraded-mode/ioredis/testing';
import { testRedis } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { started } from '../test/opened.ts';
import { createArrivals } from './arrivals.ts';
import { createClient } from './client.ts';
import { createHearsItself } from './hears-itself.ts';

it('a message that is published and not received is a fault, although every command was answered', async () => {
  await using server = await testRedis();
  await using elsewhere = await testRedis();
  const commands = createClient({ kind: 'single', url: server.url }, 'test:');
  await commands.connect();
  // It listens where nobody speaks.
  const subscriber = await connectedClient(elsewhere.url);
  const heard: boolean[] = [];
  const connections = {
    ...{ redis: commands, subscriber, arrivals: createArrivals(subscriber) },
    onHeard: (now: boolean) => heard.push(now),
  };
  const hearsItself = createHearsItself(connections, 'process');
  await expect(hearsItself.probe()).rejects.toThrow('not heard publish');
  expect(heard).toEqual([false]);
  commands.disconnect();
  subscriber.disconnect();
});

it('a subscription that the server has dropped is renewed by the next probe', async () => {
  await using server = await testRedis();
  await using redis = await started(server.url, { healthCheckIntervalSeconds: 1 });
  await redis.connection.subscriber.unsubscribe();
  await new Promise((resolve) => redis.connection.subscriber.once('message', resolve));
  expect(redis.mode.isAvailable()).toBe(true);
});
