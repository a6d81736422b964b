import { stopWithMuchToLoad } from '@secureconnect/degraded-mode/ioredis/testing';
import { testRedis } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { opened, started, startedDegraded, untilState } from '../test/opened.ts';

const entered = 'Redis entered degraded mode';
const recovered = 'Redis recovered from degraded mode';

describe.concurrent('a connection', () => {
  it('is available after start, and logs no outage', async () => {
    await using server = await testRedis();
    await using redis = await started(server.url);
    expect(redis.mode.isAvailable()).toBe(true);
    expect(await redis.connection.commands.ping()).toBe('PONG');
    expect(redis.dataChanges).toEqual(['firstContact']);
    expect([...redis.lines(entered), ...redis.lines(recovered)]).toEqual([]);
  });

  it('survives a Redis that is killed and comes back with its data', async () => {
    await using server = await testRedis({ durable: true });
    await using redis = await started(server.url);
    const { commands } = redis.connection;
    await commands.set('cart', 'full');
    await server.kill();
    await untilState(redis.mode, 'unavailable');
    await server.restart();
    await untilState(redis.mode, 'available');
    expect(await commands.get('cart')).toBe('full');
    expect(redis.dataChanges).toEqual(['firstContact', 'restarted']);
  });

  it('logs once that an outage began and once that it is over', async () => {
    await using server = await testRedis();
    await using redis = await started(server.url);
    for (const outage of [1, 2]) {
      await server.kill();
      await untilState(redis.mode, 'unavailable');
      await server.restart();
      await untilState(redis.mode, 'available');
      expect(redis.lines(entered)).toHaveLength(outage);
      expect(redis.lines(recovered)).toHaveLength(outage);
    }
    const reason = expect.stringMatching(/^(closed|ECONNRESET|EPIPE)$/);
    expect(redis.lines(entered)[0]).toEqual({ reason });
    expect(redis.lines(recovered)[0]).toEqual({ reason, durationMs: expect.any(Number) });
  });

  it('continues on the same connection after a short freeze', async () => {
    await using server = await testRedis();
    await using redis = await started(server.url);
    const closed = new Promise((resolve) => redis.connection.commands.once('close', resolve));
    server.freeze();
    await untilState(redis.mode, 'unavailable');
    server.thaw();
    await untilState(redis.mode, 'available');
    expect(redis.dataChanges).toEqual(['firstContact', 'sameData']);
    expect(redis.lines(entered)).toEqual([{ reason: 'timed out' }]);
    expect(await Promise.race([closed, 'open'])).toBe('open');
  });

  it('is replaced when nothing has arrived for a second', async () => {
    await using server = await testRedis();
    await using redis = await started(server.url);
    const { commands, subscriber } = redis.connection;
    const closed = [commands, subscriber].map(
      (client) => new Promise((resolve) => client.once('close', resolve)),
    );
    server.freeze();
    await Promise.all(closed);
    server.thaw();
    await untilState(redis.mode, 'available');
    expect(await commands.ping()).toBe('PONG');
  });

  it('is not ended by the silence of the connection before it', async () => {
    await using server = await testRedis();
    await using redis = await started(server.url);
    const { commands } = redis.connection;
    server.freeze();
    const pending = commands.get('key').catch((error: Error) => error.message);
    await server.kill();
    expect(await pending).toContain('max retries');
    await server.restart();
    await untilState(redis.mode, 'available');
    let closes = 0;
    commands.on('close', () => {
      closes += 1;
    });
    const until = performance.now() + 1500;
    while (performance.now() < until) await commands.ping();
    expect(closes).toBe(0);
  });

  it('lost to pub/sub alone is an outage too, until it is back', async () => {
    await using server = await testRedis();
    await using redis = await started(server.url);
    const { commands, subscriber } = redis.connection;
    await subscriber.subscribe('room');
    await commands.client('KILL', 'TYPE', 'pubsub');
    await untilState(redis.mode, 'unavailable');
    await untilState(redis.mode, 'available');
    expect(await commands.publish('room', 'hello')).toBe(1);
  });
});

describe.concurrent('at boot', () => {
  it('a missing Redis is no reason to wait', async () => {
    await using server = await testRedis();
    await server.stop();
    await using redis = await startedDegraded(server.url);
    expect(redis.lines(entered)).toEqual([{ reason: 'ECONNREFUSED' }]);
    await server.restart();
    await untilState(redis.mode, 'available');
    expect(redis.lines(recovered)).toHaveLength(1);
    expect(redis.dataChanges).toEqual(['firstContact']);
  });

  it('nor is one that is frozen', async () => {
    await using server = await testRedis();
    server.freeze();
    await using redis = await startedDegraded(server.url);
    server.thaw();
    await untilState(redis.mode, 'available');
  });

  it('nor one that is still loading its data', async () => {
    await using server = await testRedis();
    const before = await started(server.url);
    await stopWithMuchToLoad(server, before.connection.commands);
    await before.connection.close();
    const restarted = server.restart();
    await using redis = await startedDegraded(server.url);
    await restarted;
    await untilState(redis.mode, 'available');
    expect(redis.lines(recovered)).toHaveLength(1);
  });

  it('nor one that requires a password', async () => {
    await using server = await testRedis();
    await using first = await started(server.url);
    await first.connection.commands.config('SET', 'requirepass', 'secret');
    await using redis = await startedDegraded(server.url);
    expect(redis.lines(entered)).toEqual([{ reason: 'NOAUTH info' }]);
    const withPassword = server.url.replace('//', '//default:secret@');
    await using other = await started(withPassword);
    expect(other.mode.isAvailable()).toBe(true);
  });

  it('is awaited if fallbacks are disabled', async () => {
    await using server = await testRedis();
    await server.stop();
    await using redis = opened(server.url, { fallbackEnabled: false });
    const start = redis.start();
    await untilState(redis.mode, 'unavailable');
    await server.restart();
    await start;
    expect(redis.mode.isAvailable()).toBe(true);
  });

  it('is not awaited for longer than that, and the reason is clear', async () => {
    await using server = await testRedis();
    await server.stop();
    await using redis = opened(server.url, { fallbackEnabled: false, bootWaitSeconds: 1 });
    await expect(redis.start()).rejects.toThrow(
      'Redis was not available within 1 s (ECONNREFUSED) and ENABLE_REDIS_FALLBACK=false forbids',
    );
  });
});

describe.concurrent('a Redis that answers with errors', () => {
  it.each([
    ['OOM zadd', ['maxmemory', '1', '0']],
    ['NOREPLICAS zadd', ['min-replicas-to-write', '1', '0']],
  ])(
    '%s is left by the probe, and taken back',
    async (reason, [setting = '', bad = '', good = '']) => {
      await using server = await testRedis();
      await using redis = await started(server.url, { healthCheckIntervalSeconds: 1 });
      const { commands } = redis.connection;
      await commands.config('SET', setting, bad);
      await untilState(redis.mode, 'unavailable');
      expect(redis.lines(entered)).toEqual([{ reason }]);
      await commands.config('SET', setting, good);
      await untilState(redis.mode, 'available');
    },
  );

  it('READONLY makes the probe fail, until Redis is a master again', async () => {
    await using server = await testRedis();
    await using redis = await started(server.url, { healthCheckIntervalSeconds: 1 });
    await using operator = await started(server.url);
    await operator.connection.commands.replicaof('127.0.0.1', 1);
    await untilState(redis.mode, 'unavailable');
    expect(redis.lines(entered)).toEqual([{ reason: 'READONLY role' }]);
    await operator.connection.commands.replicaof('NO', 'ONE');
    await untilState(redis.mode, 'available');
  });
});
