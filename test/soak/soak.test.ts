import { testPostgres, testRedis } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { soak } from './soak.ts';

it('holds many sockets on one instance, each of which receives everything once', async () => {
  await using database = await testPostgres();
  await using redis = await testRedis();
  const say = (): void => undefined;
  const result = await soak({
    ...{ databaseUrl: database.url, redisUrl: redis.url, say },
    ...{ sockets: 500, seconds: 3, messagesPerSecond: 20 },
  });
  expect(result).toMatchObject({ sockets: 500, messages: 60, missed: 0, doubled: 0 });
  expect(result.deliveries).toBeGreaterThanOrEqual(60 * 200);
  expect([...result.closed]).toEqual([]);
  expect(result.complaints).toEqual([]);
}, 60_000);
