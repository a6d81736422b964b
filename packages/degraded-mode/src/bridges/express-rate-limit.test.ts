import { definePorts, failClosed, failOpen } from '@secureconnect/degraded-mode';
import { degradedRoutes } from '@secureconnect/degraded-mode/express';
import { connect } from '@secureconnect/degraded-mode/ioredis';
import { testRedis } from '@secureconnect/testkit';
import { rateLimit } from 'express-rate-limit';
import { expect, it } from 'vitest';
import { bridgeScene } from '../../test/bridge-scene.ts';
import { eventually } from '../testing/eventually.ts';
import { type Hits, hitCounterPort, rateLimited } from './express-rate-limit.ts';

/** Two requests in a window; in front of `/strict`, a limiter that fails closed. */
const scene = (instances?: number) =>
  bridgeScene(async (app, url) => {
    const connection = await connect(url, { service: 'shop' });
    const { redis, mode } = connection;
    const limits = hitCounterPort(redis, instances === undefined ? {} : { instances });
    const strictLimits = hitCounterPort(redis, { prefix: 'strict:' });
    const route = degradedRoutes(app, mode, definePorts({ limits, strictLimits }));
    const options = { windowMs: 600_000, limit: 2, legacyHeaders: false } as const;
    app.use(
      '/open',
      route.declared(
        { route: 'limiter', operation: 'limiting', whenRedisDown: { limits: failOpen.local() } },
        rateLimited((store) => rateLimit({ ...options, store })),
      ),
    );
    app.use(
      '/strict',
      route.declared(
        {
          route: 'strict limiter',
          operation: 'limiting',
          whenRedisDown: { strictLimits: failClosed({ retryAfterSeconds: 7 }) },
        },
        rateLimited((store) => rateLimit({ ...options, store }), 'strictLimits'),
      ),
    );
    app.get('/:any', (_request, response) => void response.send('let in'));
    return connection;
  });

it('a limit holds through an outage: the process continues the count, and Redis hears of it', async () => {
  await using app = await scene();
  expect(await app.send('GET', '/open')).toMatchObject({ status: 200, degraded: null });
  expect(await app.send('GET', '/strict')).toMatchObject({ status: 200 });
  await app.redis.kill();
  // The second of two, at the moment of the outage.
  const local = { status: 200, text: 'let in', degraded: 'limits=local' };
  expect(await app.send('GET', '/open')).toMatchObject(local);
  expect(await app.send('GET', '/open')).toMatchObject({ status: 429, degraded: 'limits=local' });
  expect(await app.send('GET', '/strict')).toMatchObject({ status: 503, degraded: null });
  await app.redis.restart();
  await app.untilDegraded(false);
  expect(await app.send('GET', '/open')).toMatchObject({ status: 429, degraded: null });
  expect(await app.send('GET', '/strict')).toMatchObject({ status: 200, degraded: null });
});

it('while Redis is frozen, several processes together grant no more than the limit', async () => {
  await using app = await scene(2);
  app.redis.freeze();
  expect(await app.send('GET', '/open')).toMatchObject({ status: 200, degraded: 'limits=local' });
  expect(await app.send('GET', '/open')).toMatchObject({ status: 429, degraded: 'limits=local' });
  expect(await app.send('GET', '/strict')).toMatchObject({ status: 503 });
  app.redis.thaw();
  await app.untilDegraded(false);
  expect(await app.send('GET', '/strict')).toMatchObject({ degraded: null });
});

const hour = 3_600_000;
const totals = (hits: readonly Hits[]) => hits.map(({ totalHits }) => totalHits).sort();

it('Redis hears once of the hits of an outage, also from requests at the same time', async () => {
  await using server = await testRedis();
  await using connection = await connect(server.url, { service: 'shop' });
  await eventually(() => connection.redis.ping());
  let refused = 0;
  const call = async (command: string, ...words: string[]): Promise<unknown> => {
    if (refused-- > 0) throw new Error('down');
    return connection.redis.call(command, ...words);
  };
  const { redis, local } = hitCounterPort({ call });
  for (const _hit of [1, 2, 3]) await local.increment('a', hour);
  refused = 2;
  const together = () => [redis.increment('a', hour), redis.increment('a', hour)] as const;
  await Promise.allSettled(together());
  expect(totals(await Promise.all(together()))).toEqual([4, 5]);
  expect(totals([await redis.increment('a', hour)])).toEqual([6]);
});

it('a hit that is taken back after its window has ended is not taken from the next', async () => {
  await using server = await testRedis();
  await using connection = await connect(server.url, { service: 'shop' });
  await eventually(() => connection.redis.ping());
  const { redis } = hitCounterPort(connection.redis);
  await redis.decrement('a');
  expect(await connection.redis.exists('rate-limit:a')).toBe(0);
  expect(totals([await redis.increment('a', hour), await redis.increment('a', hour)])).toEqual([
    1, 2,
  ]);
  await redis.decrement('a');
  expect(totals([await redis.increment('a', hour)])).toEqual([2]);
});
