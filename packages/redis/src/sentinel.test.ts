import { watchedRedis } from '@secureconnect/degraded-mode/ioredis/testing';
import { freePort } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { started, startedDegraded, untilState } from '../test/opened.ts';

describe.concurrent('behind sentinels', () => {
  it('a killed master is replaced by its replica', async () => {
    await using watched = await watchedRedis();
    await using redis = await started('', { address: watched.address });
    const { commands, subscriber } = redis.connection;
    await commands.set('cart', 'full');
    await subscriber.subscribe('room');
    expect(commands.stream.remotePort).toBe(watched.master.port);
    await commands.wait(1, 100);
    await watched.master.kill();
    await untilState(redis.mode, 'unavailable');
    await untilState(redis.mode, 'available');
    expect(commands.stream.remotePort).toBe(watched.replica.port);
    expect(await commands.get('cart')).toBe('full');
    expect(await commands.publish('room', 'text')).toBe(1);
    expect(redis.dataChanges).toEqual(['firstContact', 'restarted']);
  });

  it('so is a frozen one', async () => {
    await using watched = await watchedRedis();
    await using redis = await started('', { address: watched.address });
    watched.master.freeze();
    await untilState(redis.mode, 'unavailable');
    await untilState(redis.mode, 'available');
    expect(redis.connection.commands.stream.remotePort).toBe(watched.replica.port);
  });

  it('a replaced master is left at once, while it still believes to be the master', async () => {
    await using watched = await watchedRedis();
    await using redis = await started('', { address: watched.address });
    await watched.failOver();
    await untilState(redis.mode, 'unavailable');
    await untilState(redis.mode, 'available');
    expect(redis.connection.commands.stream.remotePort).toBe(watched.replica.port);
    await using old = await started(watched.master.url);
    expect(await old.connection.commands.role()).toEqual(['master', expect.any(Number), []]);
  });

  it('a missing sentinel at boot is no reason to wait', async () => {
    const sentinels = [{ host: '127.0.0.1', port: await freePort() }];
    const address = { kind: 'sentinel', sentinels, masterName: 'mymaster' } as const;
    await using redis = await startedDegraded('', { address });
    expect(redis.lines('Redis entered degraded mode')).toEqual([
      { reason: 'sentinels: ECONNREFUSED' },
    ]);
  });
});
