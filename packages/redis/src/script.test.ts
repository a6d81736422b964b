import { testRedis } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { started } from '../test/opened.ts';
import { redisScript } from './script.ts';

describe('a script', () => {
  it('runs by its hash, or in full if the server does not know it', async () => {
    await using server = await testRedis();
    await using redis = await started(server.url);
    const { commands } = redis.connection;
    const evals = async () =>
      Number(/cmdstat_eval:calls=(\d+)/.exec(await commands.info('commandstats'))?.[1]);
    const before = await evals();
    const add = redisScript(commands, "return redis.call('INCRBY', KEYS[1], ARGV[1])");
    expect(await add(['count'], [2])).toBe(2);
    expect(await add(['count'], [3])).toBe(5);
    await commands.script('FLUSH');
    expect(await add(['count'], [4])).toBe(9);
    expect(await evals()).toBe(before + 2);
  });

  it('passes its own errors on', async () => {
    await using server = await testRedis();
    await using redis = await started(server.url);
    const fail = redisScript(redis.connection.commands, "return redis.error_reply('MINE no')");
    await expect(fail([], [])).rejects.toThrow('MINE no');
    await expect(fail([], [])).rejects.toThrow('MINE no');
  });
});
