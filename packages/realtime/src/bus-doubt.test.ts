import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { openRedis, redisMode } from '@secureconnect/redis';
import { createLogger } from '@secureconnect/service';
import { testRedis } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { RedisBus } from './bus.ts';
import { Hub } from './hub.ts';

const log = createLogger({ service: 'bus', level: 'silent' });
const member = { id: 'socket', userId: 'ada', sendText: () => undefined };

it('subscribes again to a room whose unsubscription timed out but ran', async () => {
  await using server = await testRedis();
  const config = {
    address: { kind: 'single' as const, url: server.url },
    keyPrefix: 'test:',
    fallbackEnabled: true,
    healthCheckIntervalSeconds: 10,
    bootWaitSeconds: 30,
    statelessAuth: false,
  };
  const redis = openRedis({ config, mode: redisMode('bus', config), log });
  await using parts = new AsyncDisposableStack();
  parts.defer(() => redis.close());
  const hub = new Hub();
  const bus = new RedisBus({ redis, hub, name: 'bus', log });
  await redis.start([bus.reconciler]);
  const subscribers = async (): Promise<string> => {
    const connection = connect(server.port, '127.0.0.1');
    connection.end(`PUBSUB NUMSUB ${redis.commands.keyspace.channel('bus', 'red')}\r\n`);
    return /:(\d)/.exec(await readText(connection))?.[1] ?? 'none';
  };

  hub.join(member, ['red']);
  await bus.subscribe(['red']);
  expect(await subscribers()).toBe('1');

  const giveUp = redis.subscriber.unsubscribe.bind(redis.subscriber);
  const unsubscribe = async (...names: string[]): Promise<void> => {
    await giveUp(...names);
    throw new Error('Command timed out');
  };
  Object.assign(redis.subscriber, { unsubscribe });
  hub.leave(member);
  await expect(bus.unsubscribe(['red'])).rejects.toThrow('Command timed out');
  expect(await subscribers()).toBe('0');

  hub.join(member, ['red']);
  await bus.subscribe(['red']);
  expect(await subscribers()).toBe('1');
});
