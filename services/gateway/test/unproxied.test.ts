import { freePort } from '@secureconnect/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  signalsToken,
  startGateway,
  startUpstream,
  type TestGateway,
  type TestUpstream,
} from './harness.ts';

const stack = new AsyncDisposableStack();
let upstream: TestUpstream;
let gateway: TestGateway;
/** What the services behind were asked, by path. */
const asked = new Map<string, number>();

const environment = () => ({
  AUTH_URL: upstream.origin,
  CHAT_URL: upstream.origin,
  VIDEO_URL: upstream.origin,
  // Away: not every service answers.
  STORAGE_URL: 'http://127.0.0.1:1',
  GATEWAY_TRUSTED_PROXIES: 'loopback',
});

beforeAll(async () => {
  upstream = stack.use(
    await startUpstream(({ url = '' }, reply) => {
      asked.set(url, (asked.get(url) ?? 0) + 1);
      reply.end(JSON.stringify({ status: 'ready' }));
    }),
  );
  gateway = stack.use(await startGateway({ environment: environment() }));
});
afterAll(() => stack.disposeAsync());

let tests = 0;
let from: Record<string, string>;
beforeEach(() => {
  tests += 1;
  from = { 'x-forwarded-for': `203.0.113.${tests}` };
  asked.clear();
});

const ask = (path: string, init: RequestInit = {}, url = gateway.url) =>
  fetch(`${url}${path}`, { ...init, headers: { ...from, ...init.headers } });

/** How often each status came, of many requests from one address. */
async function flood(count: number, path: string, init: RequestInit = {}) {
  const seen: Record<number, number> = {};
  for (let n = 0; n < count; n += 20) {
    const replies = await Promise.all(Array.from({ length: 20 }, () => ask(path, init)));
    for (const reply of replies) {
      await reply.arrayBuffer();
      seen[reply.status] = (seen[reply.status] ?? 0) + 1;
    }
  }
  return seen;
}

describe('routes of the gateway itself', () => {
  it.each([
    ['/health', 200],
    ['/v1/degraded', 200],
    ['/openapi.json', 200],
    ['/asyncapi.json', 200],
    ['/docs', 200],
    ['/docs/page.js', 200],
    ['/nowhere', 404],
    ['/v1/../etc', 404],
    ['/V1/auth/login', 404],
    ['/api/v1/none', 404],
  ])('%s has the general limit of an address', async (path, status) => {
    expect(await flood(120, path)).toEqual({ [status]: 100, 429: 20 });
    const reply = await ask(path);
    expect(reply.headers.get('ratelimit-policy')).toBe('"default";q=100;w=60');
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await reply.json()).toMatchObject({ error: { code: 'RATE_LIMITED' } });
    // Of all of them together, and of nobody else.
    expect((await ask('/nowhere')).status).toBe(429);
    from = { 'x-forwarded-for': `198.51.100.${tests}` };
    expect((await ask(path)).status).toBe(status);
  });

  it('by a different method is limited too', async () => {
    expect(await flood(120, '/health', { method: 'DELETE' })).toEqual({ 405: 100, 429: 20 });
  });

  it('to probes is always answered, also to an address that floods', async () => {
    await flood(120, '/nowhere');
    for (const path of ['/live', '/ready', '/ready?x', '/live/']) {
      expect(await flood(200, path)).toEqual({ 200: 200 });
    }
    expect((await ask('/livestock')).status).toBe(429);
  });

  it('asks the services once a second, however many clients ask', async () => {
    await using fresh = await startGateway({ environment: environment(), sharedWith: gateway });
    const startedAt = performance.now();
    const replies = await Promise.all(
      Array.from({ length: 90 }, () => ask('/health', {}, fresh.url)),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    const seconds = Math.ceil((performance.now() - startedAt) / 1000);
    // Three instances are there.
    expect(asked.get('/ready')).toBeGreaterThanOrEqual(3);
    expect(asked.get('/ready')).toBeLessThanOrEqual(3 * seconds);
  });

  it('continues without Redis, by the local limiter, and says so', async () => {
    await using alone = await startGateway({ environment: environment() });
    await alone.redis.kill();
    await alone.untilDegraded(true);
    const reply = await ask('/health', {}, alone.url);
    expect([reply.status, reply.headers.get('x-degraded')]).toEqual([200, 'rate-limit=local']);
    const unknown = await ask('/nowhere', {}, alone.url);
    expect([unknown.status, unknown.headers.get('x-degraded')]).toEqual([404, 'rate-limit=local']);
    for (let n = 0; n < 98; n += 1) await ask('/nowhere', {}, alone.url);
    const limited = await ask('/health', {}, alone.url);
    expect(await limited.json()).toEqual({ error: 'Rate limit exceeded', mode: 'degraded' });
  });
});

describe('with fallbacks disabled and without Redis', () => {
  it('probes, metrics and deliveries are answered as before, and limited requests are refused', async () => {
    const disabled = { ...environment(), ENABLE_REDIS_FALLBACK: 'false' };
    await using alone = await startGateway({ environment: disabled });
    await alone.redis.kill();
    await alone.untilDegraded(true);
    for (const path of ['/live', '/ready', '/metrics']) {
      expect((await ask(path, {}, alone.url)).status).toBe(200);
    }
    for (const path of ['/health', '/nowhere']) {
      const reply = await ask(path, {}, alone.url);
      expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '5']);
    }
    const delivery = await ask(
      '/api/v1/signals/prometheus',
      { method: 'POST', headers: { authorization: `Bearer ${signalsToken}` } },
      alone.url,
    );
    expect(delivery.status).toBe(503);
    expect(await delivery.json()).toMatchObject({
      message: 'signals/prometheus is operating in degraded mode due to Redis unavailability',
    });
  });
});

describe('deliveries of alerts', () => {
  const path = '/api/v1/remediation-requests';

  it('are limited without their token, and never with it', async () => {
    const guess = { headers: { authorization: 'Bearer guess' } };
    expect(await flood(120, path, guess)).toEqual({ 401: 100, 429: 20 });
    const right = { headers: { authorization: `Bearer ${signalsToken}` } };
    expect(await flood(120, path, right)).toEqual({ 200: 120 });
  });
});

describe('/metrics', () => {
  const token = 'a-token-of-the-tests-for-metrics';
  const withToken = { headers: { authorization: `Bearer ${token}` } };
  const started = (more: NodeJS.ProcessEnv) =>
    startGateway({ environment: { ...environment(), ...more }, sharedWith: gateway });

  it('is open on a laptop', async () => {
    expect(await flood(120, '/metrics')).toEqual({ 200: 120 });
    expect(await (await ask('/metrics')).text()).toContain('redis_degraded_mode');
  });

  it('is on no port in production by default', async () => {
    await using closed = await started({ NODE_ENV: 'production' });
    const reply = await ask('/metrics', {}, closed.url);
    expect(reply.status).toBe(404);
    expect(reply.headers.get('x-ratelimit-remaining')).not.toBeNull();
  });

  it('requires its token if one is set', async () => {
    await using behindToken = await started({ NODE_ENV: 'production', METRICS_TOKEN: token });
    const status = async (init: RequestInit = {}) =>
      (await ask('/metrics', init, behindToken.url)).status;
    expect(await status()).toBe(401);
    for (const wrong of [`${token}x`, token.slice(1), signalsToken]) {
      expect(await status({ headers: { authorization: `Bearer ${wrong}` } })).toBe(401);
    }
    const seen = new Set<number>();
    for (let n = 0; n < 100; n += 1) seen.add(await status());
    expect(seen).toEqual(new Set([401, 429]));
    expect(await status(withToken)).toBe(200);
  });

  it('is on its own port alone, if it has one', async () => {
    const port = await freePort();
    await using apart = await started({ METRICS_PORT: String(port) });
    const own = `http://127.0.0.1:${port}`;
    expect((await ask('/metrics', {}, apart.url)).status).toBe(404);
    const reply = await ask('/metrics', {}, own);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toContain('text/plain');
    expect(await reply.text()).toMatch(/^redis_degraded_mode\{service="api-gateway"\} 0$/m);
    expect((await ask('/metrics?x', { method: 'HEAD' }, own)).status).toBe(200);
    for (const path of ['/', '/health', '/v1/users/me', '/metrics/']) {
      expect((await ask(path, {}, own)).status).toBe(404);
    }
    expect((await ask('/metrics', { method: 'POST' }, own)).status).toBe(405);
    await expect(started({ METRICS_PORT: String(port) })).rejects.toThrow(
      `Port ${port} is in use. Stop what uses it, or set METRICS_PORT.`,
    );
    await apart.close();
    await expect(ask('/metrics', {}, own)).rejects.toThrow();
  });

  it('may have both', async () => {
    const port = await freePort();
    await using _both = await started({ METRICS_PORT: String(port), METRICS_TOKEN: token });
    const own = `http://127.0.0.1:${port}`;
    const refused = await ask('/metrics', {}, own);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer realm="secureconnect"',
    ]);
    expect((await ask('/metrics', withToken, own)).status).toBe(200);
  });
});
