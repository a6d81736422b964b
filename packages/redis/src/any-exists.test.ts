import { classify } from '@secureconnect/degraded-mode/ioredis';
import { redisClusterSkipReason, testRedis, testRedisCluster } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { started, startedOnCluster } from '../test/opened.ts';
import { createAnyExists } from './any-exists.ts';
import type { RedisCommands } from './client.ts';

/** How many commands EXISTS the server has run. */
async function asked(redis: RedisCommands): Promise<number> {
  const statistics = await redis.info('commandstats');
  return Number(/^cmdstat_exists:calls=(\d+)/m.exec(statistics)?.[1] ?? 0);
}

describe('whether keys exist', () => {
  it('is asked once for a turn while none does', async () => {
    await using server = await testRedis();
    await using opened = await started(server.url);
    const { commands } = opened.connection;
    const anyExists = createAnyExists(commands);
    const before = await asked(commands);
    const questions = Array.from({ length: 300 }, (_, at) => anyExists([`a${at}`, `b${at}`]));
    expect(new Set(await Promise.all(questions))).toEqual(new Set([false]));
    expect(await asked(commands)).toBe(before + 2);
  });

  it('is answered for each question by itself if one does', async () => {
    await using server = await testRedis();
    await using opened = await started(server.url);
    const { commands } = opened.connection;
    const anyExists = createAnyExists(commands);
    await commands.set('there', '1');
    const questions = [
      anyExists(['one', 'two']),
      anyExists(['three', 'there']),
      anyExists(['four']),
    ];
    expect(await Promise.all(questions)).toEqual([false, true, false]);
  });

  it('is refused to each who asked as an error of Redis if it does not answer', async () => {
    await using server = await testRedis();
    await using opened = await started(server.url);
    const anyExists = createAnyExists(opened.connection.commands);
    server.freeze();
    const replies = await Promise.allSettled([anyExists(['one']), anyExists(['two'])]);
    server.thaw();
    for (const reply of replies) {
      const reason = reply.status === 'rejected' ? reply.reason : undefined;
      expect(classify(reason)).toMatchObject({ severity: 'timeout' });
    }
  });

  it.skipIf(redisClusterSkipReason !== '')(
    `is also known of keys on different servers${redisClusterSkipReason}`,
    async () => {
      await using cluster = await testRedisCluster();
      await using opened = await startedOnCluster(cluster);
      const { commands } = opened.connection;
      const anyExists = createAnyExists(commands);
      await commands.set('there', '1');
      const names = Array.from({ length: 10 }, (_, at) => `key${at}`);
      expect(await Promise.all([anyExists(names), anyExists([...names, 'there'])])).toEqual([
        false,
        true,
      ]);
    },
  );
});
