import { appendFileSync } from 'node:fs';
import type { TestRedis } from '@secureconnect/testkit';
import type { Redis } from 'ioredis';

/** Gives a server data that it takes a second to load, and stops it. */
export async function stopWithMuchToLoad(server: TestRedis, redis: Redis): Promise<void> {
  for (let key = 0; key < 200; key += 1) await redis.set(`key:${key}`, 'x'.repeat(2000));
  await redis.save();
  // 5 ms a key; it answers LOADING after each of them.
  appendFileSync(
    server.files.config,
    'appendonly no\nkey-load-delay 5000\nloading-process-events-interval-bytes 1024\n',
  );
  await server.stop();
}
