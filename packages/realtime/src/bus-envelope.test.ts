import { openRedis, type RedisConnection, redisMode } from '@secureconnect/redis';
import { createLogger } from '@secureconnect/service';
import { eventually, testRedis } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { RedisBus } from './bus.ts';
import { Hub } from './hub.ts';

/** An instance with one member in the room `red`. */
async function start(url: string, parts: AsyncDisposableStack) {
  const lines: string[] = [];
  const log = createLogger({ service: 'bus', level: 'info', write: (line) => lines.push(line) });
  const config = {
    address: { kind: 'single' as const, url },
    keyPrefix: 'test:',
    fallbackEnabled: true,
    healthCheckIntervalSeconds: 10,
    bootWaitSeconds: 30,
    statelessAuth: false,
  };
  const redis: RedisConnection = openRedis({ config, mode: redisMode('bus', config), log });
  parts.defer(() => redis.close());
  const hub = new Hub();
  const bus = new RedisBus({ redis, hub, name: 'bus', log });
  await redis.start([bus.reconciler]);
  const got: string[] = [];
  hub.join({ id: 'socket', userId: 'ada', sendText: (text) => got.push(String(text)) }, ['red']);
  await bus.subscribe(['red']);
  return { redis, bus, got, lines };
}

it('tells other instances what a frame is about, so that none arrives after its end', async () => {
  await using parts = new AsyncDisposableStack();
  const { url } = parts.use(await testRedis());
  const [one, two] = [await start(url, parts), await start(url, parts)];
  const send = (id: string, ends: boolean) =>
    one.bus.publish({ id, room: 'red', frame: { id }, about: { id: 'a message', ends } });
  await send('said', false);
  await send('deleted', true);
  await send('overtaken', false);
  await one.bus.publish({ id: 'last', room: 'red', frame: { id: 'last' } });
  await eventually(() => expect(two.got.at(-1)).toBe('{"id":"last"}'));
  expect(two.got.map((text) => JSON.parse(text).id)).toEqual(['said', 'deleted', 'last']);
});

it('logs once that it understood nothing, without the content', async () => {
  await using parts = new AsyncDisposableStack();
  const { url } = parts.use(await testRedis());
  const [one, two] = [await start(url, parts), await start(url, parts)];
  const channel = one.redis.commands.keyspace.channel('bus', 'red');
  for (const text of ['secret', '{"delivery":{"frame":"secret"}}']) {
    await one.redis.commands.publish(channel, text);
  }
  const complaints = () => two.lines.filter((line) => line.includes('message not understood'));
  await one.bus.publish({ id: 'good', room: 'red', frame: { id: 'good' } });
  const understood = () => two.lines.find((line) => line.includes('messages understood again'));
  await eventually(() => expect(understood()).toContain('"suppressed":1'));
  expect(complaints()).toHaveLength(1);
  expect(two.lines.join('')).not.toContain('secret');
});
