import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, testRedis } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { started, untilState } from '../test/opened.ts';

/** A Redis with every write on the disk, and a process that probes it every second. */
async function setUp() {
  const server = await testRedis({ durable: true });
  const redis = await started(server.url, { healthCheckIntervalSeconds: 1 });
  return {
    server,
    redis,
    /** Takes Redis away, does something to it, and brings it back. */
    async outage(meanwhile: () => Promise<void>): Promise<void> {
      await server.kill();
      await untilState(redis.mode, 'unavailable');
      await meanwhile();
      await untilState(redis.mode, 'available');
    },
    /** The number that this process counts up in Redis with every full probe. */
    async epoch(): Promise<number> {
      const { commands } = redis.connection;
      const [key = ''] = await commands.keys('test:epoch:*');
      return Number(await commands.get(key));
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await redis.connection.close();
      await server.close();
    },
  };
}

describe.concurrent('what happened to the data', () => {
  it('is nothing when only the connections were lost', async () => {
    await using test = await setUp();
    const { redis } = test;
    const { commands } = redis.connection;
    await commands.client('KILL', 'TYPE', 'normal', 'SKIPME', 'no').catch(() => undefined);
    await untilState(redis.mode, 'unavailable');
    await untilState(redis.mode, 'available');
    expect(redis.dataChanges).toEqual(['firstContact', 'sameData']);
  });

  it('is a restart when a new run of the server has all of it', async () => {
    await using test = await setUp();
    await test.outage(() => test.server.restart());
    expect(test.redis.dataChanges).toEqual(['firstContact', 'restarted']);
    await test.outage(() => test.server.restart());
    expect(test.redis.dataChanges.at(-1)).toBe('restarted');
  });

  it('is that it is gone when the server comes back empty', async () => {
    await using test = await setUp();
    await test.outage(() => test.server.restart({ empty: true }));
    expect(test.redis.dataChanges).toEqual(['firstContact', 'empty']);
  });

  it('is that it was emptied, also when that happened before the outage', async () => {
    await using test = await setUp();
    await test.redis.connection.commands.flushall();
    await eventually(async () => expect(await test.epoch()).toBeGreaterThan(1));
    await test.outage(() => test.server.restart());
    expect(test.redis.dataChanges).toEqual(['firstContact', 'empty']);
  });

  it('is a roll-back when an older copy comes back', async () => {
    await using test = await setUp();
    const data = join(test.server.files.folder, 'appendonlydir');
    const copy = join(test.server.files.folder, 'copy');
    const copiedAt = await test.epoch();
    await cp(data, copy, { recursive: true });
    await eventually(async () => expect(await test.epoch()).toBeGreaterThan(copiedAt));
    await test.outage(async () => {
      await rm(data, { recursive: true });
      await cp(copy, data, { recursive: true });
      await test.server.restart();
    });
    expect(test.redis.dataChanges).toEqual(['firstContact', 'rolledBack']);
  });
});
