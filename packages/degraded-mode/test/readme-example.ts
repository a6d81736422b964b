import { eventually, testRedis } from '@secureconnect/testkit';
import { expect } from 'vitest';
import { type ExampleOptions, startExample } from './start-example.ts';

/** Runs the example of the README, takes its Redis away, and gives it back. */
export async function expectAsTheReadmeSays(options: ExampleOptions): Promise<void> {
  await using redis = await testRedis();
  await using shop = await startExample(options, { REDIS_URL: redis.url });
  // On a busy machine the first probe may be too slow.
  await eventually(async () => {
    expect((await shop.send('GET', '/v1/degraded')).body).toMatchObject({ degraded: false });
  });
  expect(await shop.send('GET', '/visits')).toMatchObject({
    degraded: null,
    body: { visits: 1 },
  });
  expect(await shop.send('DELETE', '/carts/ada')).toMatchObject({ body: 0 });

  await redis.kill();
  expect(await shop.send('GET', '/visits')).toMatchObject({
    status: 200,
    degraded: 'visits=skip',
    body: { visits: 0 },
  });
  expect(await shop.send('DELETE', '/carts/ada')).toEqual({
    status: 503,
    degraded: null,
    retryAfter: '5',
    body: {
      error: 'SERVICE_DEGRADED',
      code: 'redis_unavailable',
      mode: 'degraded',
      message: 'cart is operating in degraded mode due to Redis unavailability',
    },
  });
  expect((await shop.send('GET', '/v1/degraded')).body).toMatchObject({ degraded: true });

  await redis.restart();
  await eventually(async () => {
    expect(await shop.send('DELETE', '/carts/ada')).toMatchObject({ status: 200 });
  });
  const { degraded } = await shop.send('GET', '/visits');
  expect(degraded).toBeNull();
}
