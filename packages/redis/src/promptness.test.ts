import { type TestRedis, testRedis } from '@secureconnect/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Opened, started, untilState } from '../test/opened.ts';
import { redisScript } from './script.ts';

let server: TestRedis;
let redis: Opened;

beforeEach(async () => {
  server = await testRedis();
  redis = await started(server.url);
});
afterEach(async () => {
  await redis.connection.close();
  await server.close();
});

/** The command time-out, and what a busy machine adds to it. */
const limitMs = 150 + 850;

/** One of each kind of use; how each settled, and the time of the slowest. */
async function useAll(): Promise<{ outcomes: string[]; slowestMs: number }> {
  const { commands, subscriber } = redis.connection;
  const script = redisScript(commands, 'return 1');
  const startedAt = performance.now();
  let slowestMs = 0;
  const uses: Promise<unknown>[] = [
    commands.get('key'),
    commands.set('key', 'value', 'EX', 10),
    script(['key'], [1]),
    commands.multi().set('key', 1).get('key').exec(),
    commands.pipeline().get('key').exec(),
    commands.publish('room', 'text'),
    subscriber.subscribe('room'),
    subscriber.unsubscribe('other'),
    ...Array.from({ length: 200 }, (_unused, index) => commands.incr(`many:${index}`)),
  ];
  const outcomes = await Promise.all(
    uses.map((use) =>
      use
        .then(
          () => 'answered',
          () => 'rejected',
        )
        .finally(() => {
          slowestMs = Math.max(slowestMs, performance.now() - startedAt);
        }),
    ),
  );
  return { outcomes, slowestMs };
}

describe('every use of Redis settles in time', () => {
  it('while it is up', async () => {
    const { outcomes, slowestMs } = await useAll();
    expect(new Set(outcomes)).toEqual(new Set(['answered']));
    expect(slowestMs).toBeLessThan(limitMs);
  });

  it('when it freezes, and for as long as it is frozen', async () => {
    server.freeze();
    const until = performance.now() + 2500;
    while (performance.now() < until) {
      const { outcomes, slowestMs } = await useAll();
      // A pipeline of ioredis resolves, with its errors inside.
      expect(outcomes.filter((outcome) => outcome === 'answered').length).toBeLessThanOrEqual(1);
      expect(slowestMs).toBeLessThan(limitMs);
    }
  });

  it('when it is killed with commands in flight, and while it is down', async () => {
    server.freeze();
    const under = useAll();
    await server.kill();
    expect((await under).slowestMs).toBeLessThan(limitMs);
    const { outcomes, slowestMs } = await useAll();
    expect(outcomes.filter((outcome) => outcome === 'answered').length).toBeLessThanOrEqual(1);
    expect(slowestMs).toBeLessThan(limitMs);
  });

  it('after the connection was closed', async () => {
    await redis.connection.close();
    expect((await useAll()).slowestMs).toBeLessThan(limitMs);
  });

  it('and works again after a recovery', async () => {
    server.freeze();
    await useAll();
    await untilState(redis.mode, 'unavailable');
    server.thaw();
    await untilState(redis.mode, 'available');
    expect(new Set((await useAll()).outcomes)).toEqual(new Set(['answered']));
  });
});
