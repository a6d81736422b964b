import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { testRedis } from './test-redis.ts';

describe('testRedis', () => {
  it('gives each test a Redis of its own and leaves nothing', async () => {
    const first = await testRedis();
    const second = await testRedis();
    expect(first.pid).not.toBe(second.pid);
    expect(first.port).not.toBe(second.port);
    const { folder } = first.files;
    await first.close();
    await second.close();
    expect(await first.ended).toBe('exit code 0');
    expect(existsSync(folder)).toBe(false);
  });
});
