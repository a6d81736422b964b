import { openRedis, type RedisConnection, redisMode } from '@secureconnect/redis';
import { createLogger } from '@secureconnect/service';
import { eventually, testRedis } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { RedisBus } from './bus.ts';
import { Hub } from './hub.ts';

/** An instance with one member in the room `red`. */
async function start(url: string, parts: AsyncDisposableStack, { joins = true } = {}) {
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
  const bus = new RedisBus({ redis, hub, name: 'bus', log, joins });
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

it('carries the deliveries of one turn to a room in one message, in their order', async () => {
  await using parts = new AsyncDisposableStack();
  const { url } = parts.use(await testRedis());
  const [one, two] = [await start(url, parts), await start(url, parts)];
  const messages: number[] = [];
  two.redis.subscriber.on('message', (_channel: string, text: string) => {
    messages.push(1 + (JSON.parse(text).more?.length ?? 0));
  });
  const send = (id: number, room = 'red') => one.bus.publish({ id: `${id}`, room, frame: { id } });
  const numbers = Array.from({ length: 100 }, (_, id) => id);
  await Promise.all([...numbers.map((id) => send(id)), send(0, 'a room without members')]);
  await send(100);
  await eventually(() => expect(two.got.at(-1)).toBe('{"id":100}'));
  expect(two.got.map((text) => JSON.parse(text).id)).toEqual([...numbers, 100]);
  expect(messages).toEqual([64, 36, 1]);
});

it('sends each delivery by itself for a service without a log of them', async () => {
  await using parts = new AsyncDisposableStack();
  const { url } = parts.use(await testRedis());
  const one = await start(url, parts, { joins: false });
  const two = await start(url, parts);
  const texts: string[] = [];
  two.redis.subscriber.on('message', (_channel: string, text: string) => texts.push(text));
  const send = (id: number) => one.bus.publish({ id: `${id}`, room: 'red', frame: { id } });
  await Promise.all([send(1), send(2), send(3)]);
  await eventually(() => expect(two.got).toEqual(['{"id":1}', '{"id":2}', '{"id":3}']));
  expect(texts.filter((text) => text.includes('more'))).toEqual([]);
  expect(texts).toHaveLength(3);
});

it('rejects each publication of a message that Redis did not take', async () => {
  await using parts = new AsyncDisposableStack();
  const server = parts.use(await testRedis());
  const one = await start(server.url, parts);
  await server.kill();
  const sent = ['a', 'b'].map((id) => one.bus.publish({ id, room: 'red', frame: { id } }));
  const outcomes = await Promise.allSettled(sent);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
