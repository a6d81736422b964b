import { testRedis } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { started } from '../test/opened.ts';
import type { RedisCommands } from './client.ts';
import { sharedScripts } from './shared-scripts.ts';

const open = (redis: RedisCommands) =>
  sharedScripts(redis, {
    add: "return { KEYS[1], redis.call('INCRBY', KEYS[1], ARGV[1]) }",
    join: "return redis.call('GET', KEYS[1]) .. '-' .. redis.call('GET', KEYS[2])",
  });

/** The commands that have run a script. */
async function scriptsRun(redis: RedisCommands): Promise<number> {
  const stats = await redis.info('commandstats');
  return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

describe('shared scripts', () => {
  it('do the calls of one turn in their order, with one command for 64 of them', async () => {
    await using server = await testRedis();
    await using redis = await started(server.url);
    const { commands } = redis.connection;
    const { add, join } = open(commands);
    await Promise.all([add(['a'], [0]), add(['b'], [0])]);
    const before = await scriptsRun(commands);
    const sums = { a: 0, b: 0 };
    const expected: unknown[] = [];
    const calls: Promise<unknown>[] = [];
    for (let n = 0; n < 70; n += 1) {
      const key = n % 2 === 0 ? 'a' : 'b';
      sums[key] += n;
      const isSum = n % 3 === 0;
      calls.push(add([key], [n]));
      expected.push([key, sums[key]]);
      if (isSum) calls.push(join(['a', 'b'], []));
      if (isSum) expected.push(`${sums.a}-${sums.b}`);
    }
    expect(await Promise.all(calls)).toEqual(expected);
    expect(calls).toHaveLength(94);
    expect(await scriptsRun(commands)).toBe(before + 2);
  });

  it('collect calls while a command is under way', async () => {
    await using server = await testRedis();
    await using redis = await started(server.url);
    const { commands } = redis.connection;
    const { add } = open(commands);
    await add(['a'], [0]);
    const before = await scriptsRun(commands);
    server.freeze();
    const beganMs = performance.now();
    const calls: Promise<unknown>[] = [];
    for (let turn = 1; turn <= 50; turn += 1) {
      calls.push(add(['a'], [1]));
      await new Promise(setImmediate);
    }
    const elapsedMs = performance.now() - beganMs;
    server.thaw();
    expect(await Promise.all(calls)).toEqual(calls.map((_, index) => ['a', index + 1]));
    // One at once, one after each 5 ms without an answer, and one for the rest.
    const sent = (await scriptsRun(commands)) - before;
    expect(sent).toBeLessThanOrEqual(2 + elapsedMs / 5);
  });

  it('fail the calls of a command that fails, and no others', async () => {
    await using server = await testRedis();
    await using redis = await started(server.url);
    const { commands } = redis.connection;
    await commands.set('text', 'no number');
    const { add } = open(commands);
    for (const outcome of await Promise.allSettled([add(['a'], [1]), add(['text'], [1])])) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { message: expect.stringContaining('not an integer') },
      });
    }
    expect(await add(['b'], [2])).toEqual(['b', 2]);
  });

  it('fail while the server is frozen, also those that wait, and work afterwards', async () => {
    await using server = await testRedis();
    await using redis = await started(server.url);
    const { add } = open(redis.connection.commands);
    server.freeze();
    const first = add(['a'], [1]);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const outcomes = await Promise.allSettled([first, add(['a'], [1]), add(['b'], [1])]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ reason: { message: 'Command timed out' } });
    }
    server.thaw();
    expect(await add(['c'], [3])).toEqual(['c', 3]);
  });
});
