import { eventually } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { comeUp, goDown } from '../test/bound-row.ts';
import { startShop } from '../test/price-shop.ts';
import { PriceUpstream } from '../test/price-upstream.ts';

type Shop = Awaited<ReturnType<typeof startShop>>;

const substituted = {
  status: 200,
  body: { cents: 999, visits: 1 },
  degraded: 'prices=local;dependency=prices',
};
const refused = {
  status: 503,
  degraded: null,
  retry: '3',
  body: {
    error: 'SERVICE_DEGRADED',
    code: 'prices_unavailable',
    mode: 'degraded',
    message: 'buying is operating in degraded mode due to prices unavailability',
  },
};
const served = { status: 200, body: { cents: 1200 }, degraded: null };

async function expectNormal({ send }: Shop): Promise<void> {
  await eventually(async () => expect(await send('POST', '/buy')).toMatchObject(served));
  expect(await send('GET', '/quote')).toMatchObject({
    ...served,
    body: { cents: 1200, visits: 1 },
  });
  const { body } = await send('GET', '/v1/degraded');
  expect(body).toMatchObject({
    ...{ redis: 'available', degraded: false },
    dependencies: { prices: { state: 'available', breaker: 'closed', degraded: false } },
  });
}

describe('a dependency that is no Redis', () => {
  it('is declared, substituted and refused by name while it is killed and frozen, and comes back', async () => {
    await using upstream = await new PriceUpstream().start();
    await using shop = await startShop(upstream.url);
    comeUp(shop.redis);
    await expectNormal(shop);

    // How often is for the test of the table: requests are repeated here until they succeed again.
    const used = { prices: expect.any(Number) };
    for (const fault of ['kill', 'freeze'] as const) {
      await upstream[fault]();
      // At once, whatever the flag says.
      expect(await shop.send('GET', '/quote')).toMatchObject(substituted);
      expect(await shop.send('POST', '/buy')).toEqual(refused);
      await eventually(() => expect(shop.prices.isAvailable()).toBe(false));
      const { asked } = upstream;
      expect(await shop.send('GET', '/quote')).toMatchObject(substituted);
      expect(await shop.send('POST', '/buy')).toEqual(refused);
      expect(upstream.asked).toBe(asked);

      const { body } = await shop.send('GET', '/v1/degraded');
      expect(body).toMatchObject({
        ...{ redis: 'available', degraded: true },
        dependencies: { prices: { state: 'unavailable', breaker: 'open', degraded: true } },
      });
      expect(body['rows']).toEqual([
        {
          ...{ route: 'GET /quote', operation: 'quoting', mode: 'fail_open' },
          ports: { prices: 'fail open: local', visits: 'fail open: local' },
          backed_by: { prices: 'prices' },
          used,
        },
        {
          ...{ route: 'POST /buy', operation: 'buying', mode: 'fail_closed' },
          ports: { prices: 'fail closed (503, Retry-After 3)' },
          backed_by: { prices: 'prices' },
          used,
        },
        {
          ...{ route: 'GET /visits', operation: 'visits', mode: 'normal' },
          ports: { visits: 'fail open: local' },
        },
      ]);
      await (fault === 'kill' ? upstream.start() : upstream.thaw());
      await expectNormal(shop);
    }
  });

  it('is down by itself: the rows of Redis do not heed it, nor it Redis', async () => {
    await using upstream = await new PriceUpstream().start();
    await using shop = await startShop(upstream.url);
    comeUp(shop.redis);
    goDown(shop.prices);
    expect(await shop.send('GET', '/visits')).toMatchObject({
      body: { visits: 1 },
      degraded: null,
    });
    await expectNormal(shop);
    goDown(shop.redis);
    expect(await shop.send('POST', '/buy')).toMatchObject(served);
    expect(await shop.send('GET', '/quote')).toMatchObject({
      body: { cents: 1200, visits: 2 },
      degraded: 'visits=local',
    });
  });
});
