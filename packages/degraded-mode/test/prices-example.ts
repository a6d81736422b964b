import { eventually } from '@secureconnect/testkit';
import { expect } from 'vitest';
import { PriceUpstream } from './price-upstream.ts';
import { type ExampleOptions, startExample } from './start-example.ts';

/** Runs the README's example of an upstream, takes the upstream away, and gives it back. */
export async function expectPricesAsTheReadmeSays(options: ExampleOptions): Promise<void> {
  await using upstream = await new PriceUpstream().start();
  await using shop = await startExample(options, { PRICES_URL: upstream.url });
  const served = { status: 200, degraded: null, body: { cents: 1200 } };
  // On a busy machine the first probe may be too slow.
  await eventually(async () => expect(await shop.send('GET', '/quotes/tea')).toMatchObject(served));
  await eventually(async () =>
    expect(await shop.send('POST', '/orders/tea')).toMatchObject(served),
  );

  await upstream.kill();
  expect(await shop.send('GET', '/quotes/tea')).toMatchObject({
    status: 200,
    degraded: 'prices=local;dependency=prices',
    body: { cents: 999 },
  });
  expect(await shop.send('POST', '/orders/tea')).toEqual({
    status: 503,
    degraded: null,
    retryAfter: '5',
    body: {
      error: 'SERVICE_DEGRADED',
      code: 'prices_unavailable',
      mode: 'degraded',
      message: 'ordering is operating in degraded mode due to prices unavailability',
    },
  });
  expect((await shop.send('GET', '/v1/degraded')).body).toMatchObject({
    degraded: true,
    dependencies: { prices: { breaker: 'open', calls: { under_way: 0, max: 50 } } },
  });

  await upstream.start();
  // Not every call at once: the load is raised for 5 s.
  await eventually(
    async () => expect(await shop.send('POST', '/orders/tea')).toMatchObject(served),
    { timeoutMs: 15_000 },
  );
}
