import { definePorts, failClosed, failOpen } from '@secureconnect/degraded-mode';
import { degradedRoutes } from '@secureconnect/degraded-mode/express';
import { connect } from '@secureconnect/degraded-mode/ioredis';
import { createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import { Keyv as Keyv5 } from 'keyv-5';
import { expect, it } from 'vitest';
import { bridgeScene } from '../../test/bridge-scene.ts';
import { cachePort, requestCache } from './keyv.ts';

/** Prices that are computed once: without Redis never kept, kept in the process, or refused. */
const scene = () =>
  bridgeScene(async (app, url) => {
    const connection = await connect(url, { service: 'shop' });
    const { redis, mode } = connection;
    const ports = definePorts({ cache: cachePort(redis) });
    const route = degradedRoutes(app, mode, ports);
    const { store, middleware } = requestCache();
    const keyv = new Keyv({ store, useKeyPrefix: false });
    const manager = createCache({ stores: [new Keyv5({ store })] });
    const fallbacks = {
      skip: failOpen.skip(),
      local: failOpen.local(),
      strict: failClosed({ retryAfterSeconds: 7 }),
    };
    let computed = 0;
    for (const [name, cache] of Object.entries(fallbacks)) {
      const row = { route: `cache of /${name}`, operation: 'prices', whenRedisDown: { cache } };
      app.use(`/${name}`, route.declared(row, middleware));
      app.get(`/${name}/keyv`, async (_request, response) => {
        const known = await keyv.get<number>(name);
        if (known === undefined) await keyv.set(name, ++computed, 60_000);
        response.send(`${known ?? computed}`);
      });
      app.get(`/${name}/manager`, async (_request, response) => {
        response.send(`${await manager.wrap(`${name}!`, async () => ++computed, 60_000)}`);
      });
    }
    return connection;
  });

it('a cache is found again through its port; without Redis its row decides', async () => {
  await using app = await scene();
  expect(await app.send('GET', '/skip/keyv')).toMatchObject({ text: '1', degraded: null });
  expect(await app.send('GET', '/skip/keyv')).toMatchObject({ text: '1', degraded: null });
  expect(await app.send('GET', '/skip/manager')).toMatchObject({ text: '2', degraded: null });
  expect(await app.send('GET', '/skip/manager')).toMatchObject({ text: '2', degraded: null });

  await app.redis.kill();
  expect(await app.send('GET', '/skip/keyv')).toMatchObject({ text: '3', degraded: 'cache=skip' });
  expect(await app.send('GET', '/skip/keyv')).toMatchObject({ text: '4', degraded: 'cache=skip' });
  expect(await app.send('GET', '/local/keyv')).toMatchObject({ text: '5' });
  expect(await app.send('GET', '/local/keyv')).toMatchObject({
    ...{ text: '5', degraded: 'cache=local' },
  });
  expect(await app.send('GET', '/local/manager')).toMatchObject({ text: '6' });
  expect(await app.send('GET', '/local/manager')).toMatchObject({ text: '6' });
  expect(await app.send('GET', '/strict/keyv')).toMatchObject({ status: 503 });

  await app.redis.restart();
  await app.untilDegraded(false);
  expect(await app.send('GET', '/skip/keyv')).toMatchObject({ text: '1', degraded: null });

  app.redis.freeze();
  expect(await app.send('GET', '/skip/manager')).toMatchObject({
    ...{ text: '7', degraded: 'cache=skip' },
  });
  app.redis.thaw();
  await app.untilDegraded(false);
  // The write that timed out may have been done.
  const { text, degraded } = await app.send('GET', '/skip/manager');
  expect([text, degraded]).toEqual([expect.stringMatching(/^[27]$/), null]);
});

it.each(['set', 'delete', 'get'] as const)(
  'a process forgets what it kept without Redis when Redis answers a %s',
  async (operation) => {
    const port = cachePort({ call: async () => null });
    await port.local.set('price', 'of the first outage');
    expect(await port.local.get('price')).toBe('of the first outage');
    await port.redis[operation]('price', 'newer');
    expect(await port.local.get('price')).toBeUndefined();
  },
);
