import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { eventually, freePort, testRedis } from '@secureconnect/testkit';
import { expect } from 'vitest';

export interface ExampleOptions {
  /** The program of Node. Default the one of this process. */
  readonly node?: string;
  /** The example's file. */
  readonly script: string;
}

/** Runs the example of the README, takes its Redis away, and gives it back. */
export async function expectAsTheReadmeSays(options: ExampleOptions): Promise<void> {
  await using redis = await testRedis();
  await using shop = await startExample(redis.url, options);
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

async function startExample(redisUrl: string, { node, script }: ExampleOptions) {
  const port = await freePort();
  // It ends with this process, however that ends.
  const leash = 'data:text/javascript,process.on("disconnect",()=>process.exit())';
  const child = spawn(node ?? process.execPath, ['--import', leash, script], {
    cwd: dirname(script),
    env: { ...process.env, REDIS_URL: redisUrl, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');

  async function send(method: string, path: string) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    return {
      status: response.status,
      degraded: response.headers.get('x-degraded'),
      retryAfter: response.headers.get('retry-after'),
      body: await response.json(),
    };
  }
  await eventually(() => send('GET', '/v1/degraded'), { timeoutMs: 15_000 });
  return {
    send,
    async [Symbol.asyncDispose](): Promise<void> {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
