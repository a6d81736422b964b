import { UnexpectedReply } from '@secureconnect/redis';
import { testRedis } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { LocalLocks, redisLocks } from '../src/ports/subject-locks.ts';
import { openCommands } from './redis-commands.ts';

describe('locks remembered in Redis', () => {
  it('tell all instances for some seconds how long a subject is locked, and of no other subject', async () => {
    await using server = await testRedis();
    await using opened = await openCommands(server.url);
    const { failedLogins, passwordResetMails } = opened.redis.keyspace;
    const locks = redisLocks(opened.redis, failedLogins);
    expect(await locks.lockedForSeconds('a')).toBe(0);
    await locks.lock('a', 900);
    expect(await redisLocks(opened.redis, failedLogins).lockedForSeconds('a')).toBe(900);
    expect(await locks.lockedForSeconds('b')).toBe(0);
    expect(await redisLocks(opened.redis, passwordResetMails).lockedForSeconds('a')).toBe(0);
    // What was lifted in SQL is not kept up here for long.
    expect(await opened.redis.pttl(opened.redis.keyspace.failedLogins('a'))).toBeLessThanOrEqual(
      5000,
    );
    await locks.unlock('a');
    expect(await locks.lockedForSeconds('a')).toBe(0);
    await opened.redis.set(failedLogins('a'), 'what nobody of us has written');
    await expect(locks.lockedForSeconds('a')).rejects.toThrow(UnexpectedReply);
  });

  it('are not remembered for longer than they last', async () => {
    await using server = await testRedis();
    await using opened = await openCommands(server.url);
    const locks = redisLocks(opened.redis, opened.redis.keyspace.failedLogins);
    await locks.lock('a', 2);
    expect(await locks.lockedForSeconds('a')).toBe(2);
    expect(await opened.redis.pttl(opened.redis.keyspace.failedLogins('a'))).toBeLessThanOrEqual(
      2000,
    );
  });
});

describe('locks remembered in the process', () => {
  const setUp = (maxSubjects = 100) => {
    const clock = { now: 1_000_000 };
    const locks = new LocalLocks({ maxSubjects, now: () => clock.now });
    return { clock, locks };
  };

  it('tell for some seconds how long a subject is locked, and of no other subject', async () => {
    const { clock, locks } = setUp();
    expect(await locks.lockedForSeconds('a')).toBe(0);
    await locks.lock('a', 900);
    expect(await locks.lockedForSeconds('a')).toBe(900);
    expect(await locks.lockedForSeconds('b')).toBe(0);
    clock.now += 4999;
    expect(await locks.lockedForSeconds('a')).toBe(896);
    clock.now += 1;
    expect(await locks.lockedForSeconds('a')).toBe(0);
    await locks.lock('a', 2);
    clock.now += 1999;
    expect(await locks.lockedForSeconds('a')).toBe(1);
    clock.now += 1;
    expect(await locks.lockedForSeconds('a')).toBe(0);
  });

  it('are forgotten when they are lifted', async () => {
    const { locks } = setUp();
    await locks.lock('a', 900);
    await locks.unlock('a');
    expect(await locks.lockedForSeconds('a')).toBe(0);
  });

  it('are bounded: while they are full, SQL is asked; old ones make room', async () => {
    const { clock, locks } = setUp(2);
    for (const subject of ['a', 'b', 'c']) await locks.lock(subject, 900);
    expect(await locks.lockedForSeconds('b')).toBe(900);
    expect(await locks.lockedForSeconds('c')).toBe(0);
    clock.now += 5000;
    await locks.lock('c', 895);
    expect(await locks.lockedForSeconds('c')).toBe(895);
  });
});
