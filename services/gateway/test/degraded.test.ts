import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { freePort, redisFaults } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { bearer, startGateway, startUpstream, type TestGateway } from './harness.ts';

const upstreamOf = () =>
  startUpstream((_request, reply) => {
    reply.setHeader('X-Degraded', 'presence=skip, revocations=snapshot');
    reply.end('{"success":true}');
  });

interface Seen {
  readonly status: number;
  readonly degraded: string | null;
  readonly ms: number;
}

/** Users who send one request after another until they are told to stop. */
function traffic(gateway: TestGateway, users: number) {
  const seen: Seen[] = [];
  let stopped = false;
  const user = async (): Promise<void> => {
    while (!stopped) {
      // A new token for every few requests, so that nobody reaches a limit of his own.
      const headers = bearer(gateway.token());
      for (let n = 0; n < 20 && !stopped; n += 1) {
        const startedAt = performance.now();
        const reply = await fetch(`${gateway.url}/v1/users/me`, { headers });
        const text = await reply.text();
        expect(text).toBe('{"success":true}');
        const degraded = reply.headers.get('x-degraded');
        seen.push({ status: reply.status, degraded, ms: performance.now() - startedAt });
      }
    }
  };
  const all = Promise.all(Array.from({ length: users }, user));
  return {
    seen,
    async stop() {
      stopped = true;
      await all;
    },
  };
}

describe.each(redisFaults)('while Redis is $name', (fault) => {
  it('every request in the traffic is served, in time', { timeout: 40_000 }, async () => {
    await using upstream = await upstreamOf();
    await using gateway = await startGateway({ environment: { AUTH_URL: upstream.origin } });
    const { seen, stop } = traffic(gateway, 4);
    await gateway.untilDegraded(false);
    await fault.begin(gateway.redis);
    await gateway.untilDegraded(true);
    await fault.end(gateway.redis);
    await gateway.untilDegraded(false);
    await stop();
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([200]));
    // What the service says is there always, and what the gateway says never twice.
    const words = new Set(
      seen.flatMap(({ degraded }) => degraded?.split(', ').sort().join() ?? ''),
    );
    expect([...words]).toEqual(
      expect.arrayContaining([
        'presence=skip,revocations=snapshot',
        'presence=skip,rate-limit=local,revocations=snapshot',
      ]),
    );
    expect(words.size).toBe(2);
    expect(Math.max(...seen.map(({ ms }) => ms))).toBeLessThan(2000);
  });

  it('limits continue from what was spent, for everybody', {
    timeout: 40_000,
  }, async () => {
    await using upstream = await upstreamOf();
    await using gateway = await startGateway({ environment: { AUTH_URL: upstream.origin } });
    const login = () => fetch(`${gateway.url}/v1/auth/login`, { method: 'POST' });
    for (let n = 0; n < 4; n += 1) expect((await login()).status).toBe(200);

    await fault.begin(gateway.redis);
    for (let n = 0; n < 6; n += 1) {
      const reply = await login();
      expect(reply.status).toBe(200);
      expect(reply.headers.get('x-ratelimit-remaining')).toBe(String(5 - n));
      expect(reply.headers.get('x-degraded')).toMatch(/^rate-limit=local, /);
    }
    const refused = await login();
    expect(refused.status).toBe(429);
    expect(await refused.text()).toBe('{"error":"Rate limit exceeded","mode":"degraded"}');
    expect(refused.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(refused.headers.get('ratelimit')).toMatch(/^"login";r=0;t=\d+$/);

    await gateway.untilDegraded(true);
    await fault.end(gateway.redis);
    await gateway.untilDegraded(false);
    const after = await login();
    expect(after.status).toBe(429);
    expect(await after.json()).toMatchObject({ error: { code: 'RATE_LIMITED' } });
  });
});

it('a socket beyond the local limit is refused with the degraded body', async () => {
  await using upstream = await upstreamOf();
  await using gateway = await startGateway({ environment: { CHAT_URL: upstream.origin } });
  await gateway.redis.kill();
  const connect = async (): Promise<IncomingMessage> => {
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket' };
    const request = httpRequest({ port: gateway.port, path: '/v1/ws/chat', headers }).end();
    const [reply] = (await once(request, 'response')) as [IncomingMessage];
    return reply;
  };
  for (let n = 0; n < 100; n += 1) expect((await connect()).resume().statusCode).toBe(200);
  const reply = await connect();
  expect(reply.statusCode).toBe(429);
  expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
  let text = '';
  for await (const chunk of reply) text += chunk;
  expect(text).toBe('{"error":"Rate limit exceeded","mode":"degraded"}');
});

it('without Redis at boot it starts degraded', async () => {
  await using upstream = await upstreamOf();
  const nowhere = `redis://127.0.0.1:${await freePort()}`;
  const environment = { AUTH_URL: upstream.origin, REDIS_URL: nowhere };
  await using gateway = await startGateway({ environment });
  const reply = await fetch(`${gateway.url}/v1/users/me`, { headers: bearer(gateway.token()) });
  expect(reply.status).toBe(200);
  expect(reply.headers.get('x-degraded')).toContain('rate-limit=local');
  expect((await fetch(`${gateway.url}/ready`)).status).toBe(200);
});

it('with fallbacks disabled every proxied route fails closed', async () => {
  await using upstream = await upstreamOf();
  const environment = { AUTH_URL: upstream.origin, ENABLE_REDIS_FALLBACK: 'false' };
  await using gateway = await startGateway({ environment });
  expect((await fetch(`${gateway.url}/v1/users/me`)).status).toBe(200);
  await gateway.redis.kill();
  await gateway.untilDegraded(true);
  const reply = await fetch(`${gateway.url}/v1/users/me`);
  expect(reply.status).toBe(503);
  expect(reply.headers.get('retry-after')).toBe('5');
  expect(await reply.text()).toBe(
    '{"error":"SERVICE_DEGRADED","code":"redis_unavailable","mode":"degraded","message":"proxy to auth is operating in degraded mode due to Redis unavailability"}',
  );
});
