import { eventually, testRedis } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { started, untilState } from '../test/opened.ts';

/** A Redis, a process that listens to it, and what that heard. */
async function setUp() {
  const server = await testRedis();
  const redis = await started(server.url);
  const { commands, subscriber } = redis.connection;
  const received: string[] = [];
  subscriber.on('message', (channel, text) => {
    if (!commands.keyspace.isChannelOf('probe', channel)) received.push(`${channel}: ${text}`);
  });
  subscriber.on('pmessage', (pattern, channel, text) =>
    received.push(`${pattern} ${channel}: ${text}`),
  );
  return {
    server,
    mode: redis.mode,
    subscriber,
    received,
    publish: (channel: string, text: string) => commands.publish(channel, text),
    async outage(): Promise<void> {
      await server.kill();
      await untilState(redis.mode, 'unavailable');
      await server.restart();
      await untilState(redis.mode, 'available');
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await redis.connection.close();
      await server.close();
    },
  };
}

describe.concurrent('a subscriber', () => {
  it('gets messages again as soon as Redis is available, after any number of outages', async () => {
    await using test = await setUp();
    const { subscriber } = test;
    await subscriber.subscribe('room', 'hall');
    await subscriber.psubscribe('user:*');
    for (const text of ['before', 'after one', 'after two']) {
      if (text !== 'before') await test.outage();
      test.received.length = 0;
      expect(await test.publish('hall', text)).toBe(1);
      expect(await test.publish('user:7', text)).toBe(1);
      const both = [`hall: ${text}`, `user:* user:7: ${text}`];
      await eventually(() => expect(test.received).toEqual(both));
    }
  });

  it('gets them after a freeze in which its connection was replaced', async () => {
    await using test = await setUp();
    const { subscriber } = test;
    await subscriber.subscribe('room');
    const closed = new Promise((resolve) => subscriber.once('close', resolve));
    test.server.freeze();
    await closed;
    test.server.thaw();
    await untilState(test.mode, 'available');
    expect(await test.publish('room', 'text')).toBe(1);
    await eventually(() => expect(test.received).toEqual(['room: text']));
  });

  it('does not get messages of a channel that it left', async () => {
    await using test = await setUp();
    const { subscriber } = test;
    await subscriber.subscribe('room', 'hall', 'attic');
    await subscriber.psubscribe('user:*', 'guest:*');
    await subscriber.unsubscribe('room');
    await subscriber.punsubscribe('user:*', 'guest:*');
    await test.outage();
    expect(await test.publish('room', 'text')).toBe(0);
    expect(await test.publish('user:7', 'text')).toBe(0);
    expect(await test.publish('attic', 'text')).toBe(1);
    await subscriber.unsubscribe();
    await test.outage();
    expect(await test.publish('attic', 'text')).toBe(0);
  });

  it('leaves channels in an outage, although Redis cannot be told', async () => {
    await using test = await setUp();
    const { subscriber } = test;
    await subscriber.subscribe('room', 'hall');
    await test.server.kill();
    await untilState(test.mode, 'unavailable');
    await expect(subscriber.unsubscribe('room')).rejects.toThrow();
    await expect(subscriber.subscribe('attic')).rejects.toThrow();
    await test.server.restart();
    await untilState(test.mode, 'available');
    expect(await test.publish('room', 'text')).toBe(0);
    expect(await test.publish('attic', 'text')).toBe(0);
    expect(await test.publish('hall', 'text')).toBe(1);
  });
});
