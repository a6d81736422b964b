import { openRedis, redisMode } from '@secureconnect/redis';
import { createLogger } from '@secureconnect/service';
import { eventually, type TestRedis, testRedis } from '@secureconnect/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Consume, consumeScript } from './consume-script.ts';
import { limitKey, type RateLimiter } from './limiter.ts';
import { createRateLimit, type RateLimitOptions } from './rate-limit.ts';

const key = limitKey('default', 'somebody');
const silent = createLogger({ service: 'api-gateway', level: 'silent' });

let server: TestRedis;
let opened: AsyncDisposableStack;

beforeEach(async () => {
  opened = new AsyncDisposableStack();
  server = opened.use(await testRedis());
});
afterEach(() => opened.disposeAsync());

/** One instance with its own connection and its own flag. */
async function instance(options: Partial<RateLimitOptions> = {}) {
  const config = {
    address: { kind: 'single' as const, url: server.url },
    keyPrefix: 'test:',
    fallbackEnabled: true,
    statelessAuth: false,
    healthCheckIntervalSeconds: 10,
    bootWaitSeconds: 10,
  };
  const mode = redisMode('api-gateway', config);
  const connection = openRedis({ config, mode, log: silent });
  const rateLimit = createRateLimit({
    redis: connection.commands,
    service: 'api-gateway',
    onHeartbeatError: (error) => mode.reportError(error),
    ...options,
  });
  await connection.start([rateLimit.reconciler]);
  opened.defer(() => connection.close());
  return { ...rateLimit, connection, mode };
}

type Instance = Awaited<ReturnType<typeof instance>>;

/** As a port does: Redis, and where that fails the local limiter. */
async function consume({ mode, redis, local }: Instance, of: string, limit: number) {
  if (!mode.isAvailable()) return local.consume(of, limit);
  try {
    return await redis.consume(of, limit);
  } catch (error) {
    if (mode.reportError(error) === undefined) throw error;
    return local.consume(of, limit);
  }
}

async function grants(tries: number, ask: () => ReturnType<RateLimiter['consume']>) {
  let granted = 0;
  for (let n = 0; n < tries; n += 1) granted += (await ask()).granted ? 1 : 0;
  return granted;
}

const available = (...instances: Instance[]) =>
  eventually(() => expect(instances.every(({ mode }) => mode.isAvailable())).toBe(true));
const unavailable = (...instances: Instance[]) =>
  eventually(() => expect(instances.some(({ mode }) => mode.isAvailable())).toBe(false));

describe('the shared limiter', () => {
  it('grants exactly the limit, however many instances ask at once', async () => {
    const [one, other] = [await instance(), await instance()];
    const decisions = await Promise.all(
      Array.from({ length: 300 }, (_, n) => (n % 2 === 0 ? one : other).redis.consume(key, 100)),
    );
    expect(decisions.filter(({ granted }) => granted)).toHaveLength(100);
    expect(Math.min(...decisions.map(({ remaining }) => remaining))).toBe(0);
    for (const decision of decisions) {
      expect(decision).toMatchObject({ limit: 100, source: 'redis' });
      expect(decision.resetSeconds).toBeGreaterThan(59);
      expect(decision.resetSeconds).toBeLessThanOrEqual(65);
      expect(decision.retryAfterSeconds > 0).toBe(!decision.granted);
    }
  });

  it('never grants more than the limit in any window by its own clock', async () => {
    const window = { bucketMs: 40, buckets: 12 };
    const scripts: Consume[] = [];
    for (const name of ['one', 'other']) {
      scripts.push(consumeScript((await instance()).connection.commands, window, name));
    }
    const grantedAt: number[] = [];
    const until = performance.now() + 2500;
    const ask = async (script: Consume) => {
      while (performance.now() < until) {
        const { granted, serverMs } = await script(key, 100, []);
        if (granted) grantedAt.push(serverMs);
      }
    };
    await Promise.all(scripts.flatMap((script) => [ask(script), ask(script)]));
    // Times are cut to whole milliseconds, so the last one of a window may belong to the next.
    const span = window.bucketMs * window.buckets - 1;
    const most = Math.max(
      ...grantedAt.map((from) => grantedAt.filter((at) => at >= from && at <= from + span).length),
    );
    expect(grantedAt.length).toBeGreaterThan(300);
    expect(most).toBeLessThanOrEqual(100);
  });

  it('lets idle keys expire and keeps no personal data', async () => {
    const { redis, connection } = await instance({ window: { bucketMs: 20, buckets: 3 } });
    await redis.consume(limitKey('login', '203.0.113.9'), 10);
    const [stored] = await connection.commands.keys('*limit*');
    expect(stored).toMatch(/^test:limit:\{\d+\}:login:[\w-]{22}$/);
    await eventually(async () => expect(await connection.commands.keys('*limit*')).toEqual([]));
  });

  it('drops the buckets that have left from a key that stays busy', async () => {
    const { redis, connection } = await instance({ window: { bucketMs: 20, buckets: 3 } });
    const until = performance.now() + 200;
    while (performance.now() < until) await redis.consume(key, 100_000);
    expect(
      await connection.commands.hlen(connection.commands.keyspace.limit(key)),
    ).toBeLessThanOrEqual(4);
  });
});

describe('an outage', () => {
  it.each([
    ['that keeps the data', false],
    ['that loses the data', true],
  ])('%s grants nobody more than the limit and its rounding', async (_, empty) => {
    const [one, other] = [await instance({ heartbeatMs: 50 }), await instance({ heartbeatMs: 50 })];
    for (const { start } of [one, other]) start();
    await eventually(() => expect([one.liveInstances(), other.liveInstances()]).toEqual([2, 2]));
    expect(await grants(40, () => one.redis.consume(key, 100))).toBe(40);
    expect((await other.redis.consume(key, 100)).remaining).toBe(59);

    await server.kill();
    await unavailable(one, other);
    let granted = 41 + (await grants(100, () => consume(one, key, 100)));
    granted += await grants(20, () => consume(other, key, 100));
    expect(granted).toBe(41 + 30 + 20);

    await server.restart({ empty });
    await available(one, other);
    granted += await grants(100, () => consume(one, key, 100));
    granted += await grants(100, () => consume(other, key, 100));
    expect(granted).toBe(100);
    await Promise.all([one.stop(), other.stop()]);
  });

  it('is handed over once, however often the reconciler runs', async () => {
    const one = await instance();
    const used = Array.from({ length: 450 }, (_, n) => limitKey('default', `subject ${n}`));
    for (const each of used) await grants(3, () => one.local.consume(each, 10));
    for (const dataChange of ['sameData', 'sameData', 'empty', 'rolledBack'] as const) {
      await one.reconciler.run({ dataChange });
    }
    for (const each of used) {
      expect(await one.redis.consume(each, 10)).toMatchObject({ remaining: 6, source: 'redis' });
    }
  });

  it('that is over before anyone saw it is handed over with the next request', async () => {
    const [one, other] = [await instance(), await instance()];
    await grants(5, () => one.local.consume(key, 10));
    expect((await one.redis.consume(key, 10)).remaining).toBe(4);
    expect((await one.redis.consume(key, 10)).remaining).toBe(3);
    expect((await other.redis.consume(key, 10)).remaining).toBe(2);
    expect((await one.local.consume(key, 10)).remaining).toBe(2);
  });

  it('keeps a hand-over within its time and catches up request by request', async () => {
    let unfinished = 0;
    const one = await instance({ maxHandOverMs: -1, onUnfinished: () => (unfinished += 1) });
    await grants(5, () => one.local.consume(key, 10));
    await one.reconciler.run({ dataChange: 'sameData' });
    expect(unfinished).toBe(1);
    expect((await one.redis.consume(key, 10)).remaining).toBe(4);
  });
});

describe('live instances', () => {
  it('are counted by their heartbeats, and the last number outlives an outage', async () => {
    const [first, second, third] = [
      await instance({ heartbeatMs: 30 }),
      await instance({ heartbeatMs: 30 }),
      await instance({ heartbeatMs: 30 }),
    ];
    const instances = [first, second, third];
    expect(first.liveInstances()).toBe(1);
    for (const { start } of instances) start();
    await eventually(() =>
      expect(instances.map((each) => each.liveInstances())).toEqual([3, 3, 3]),
    );

    await third.stop();
    await eventually(() => expect(first.liveInstances()).toBe(2));
    await server.kill();
    await unavailable(first, second);
    expect(first.liveInstances()).toBe(2);
    await Promise.all([first.stop(), second.stop()]);
  });

  it('that stopped without notice are no longer counted', async () => {
    const [one, other] = [await instance({ heartbeatMs: 30 }), await instance({ heartbeatMs: 30 })];
    one.start();
    other.start();
    await eventually(() => expect(one.liveInstances()).toBe(2));
    await other.connection.close();
    await eventually(() => expect(one.liveInstances()).toBe(1));
    await Promise.all([one.stop(), other.stop()]);
  });
});
