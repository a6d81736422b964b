import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  bearer,
  startGateway,
  startUpstream,
  type TestGateway,
  type TestUpstream,
} from './harness.ts';

const stack = new AsyncDisposableStack();
let gateway: TestGateway;
let upstream: TestUpstream;

const environment = () => ({
  AUTH_URL: upstream.origin,
  CHAT_URL: upstream.origin,
  GATEWAY_TRUSTED_PROXIES: 'loopback',
});

beforeAll(async () => {
  upstream = stack.use(await startUpstream((_request, reply) => reply.end('normal')));
  gateway = stack.use(await startGateway({ environment: environment() }));
});
afterAll(() => stack.disposeAsync());

let tests = 0;
let address: string;
beforeEach(() => {
  tests += 1;
  address = `203.0.113.${tests}`;
});

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly from?: string;
  readonly headers?: Record<string, string>;
  readonly url?: string;
}

const login = { path: '/v1/auth/login', method: 'POST' };

const ask = ({ path = '/v1/users/me', method = 'GET', from = address, headers, url }: Asked = {}) =>
  fetch(`${url ?? gateway.url}${path}`, {
    method,
    headers: { 'x-forwarded-for': from, ...headers },
  });

async function statuses(count: number, asked: Asked): Promise<Record<number, number>> {
  const seen: Record<number, number> = {};
  for (let n = 0; n < count; n += 1) {
    const reply = await ask(asked);
    await reply.arrayBuffer();
    seen[reply.status] = (seen[reply.status] ?? 0) + 1;
  }
  return seen;
}

describe('a limit', () => {
  it('is named in every reply', async () => {
    const reply = await ask(login);
    expect(reply.status).toBe(200);
    const { headers } = reply;
    expect(headers.get('x-ratelimit-limit')).toBe('10');
    expect(headers.get('x-ratelimit-remaining')).toBe('9');
    const reset = Number(headers.get('x-ratelimit-reset'));
    expect(reset).toBeGreaterThanOrEqual(60);
    expect(reset).toBeLessThanOrEqual(65);
    expect(headers.get('ratelimit')).toBe(`"login";r=9;t=${reset}`);
    expect(headers.get('ratelimit-policy')).toBe('"login";q=10;w=60');
    expect(headers.get('retry-after')).toBeNull();
    expect(headers.get('x-degraded')).toBeNull();
  });

  it('answers 429 with the envelope when it is reached', async () => {
    expect(await statuses(10, login)).toEqual({ 200: 10 });
    const reply = await ask(login);
    expect(reply.status).toBe(429);
    const retryAfter = Number(reply.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(50);
    expect(retryAfter).toBeLessThanOrEqual(65);
    expect(reply.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(reply.headers.get('ratelimit')).toMatch(/^"login";r=0;t=\d+$/);
    expect(await reply.json()).toMatchObject({
      success: false,
      error: { code: 'RATE_LIMITED', message: expect.stringContaining('10 requests a minute') },
      meta: { request_id: reply.headers.get('x-request-id') },
    });
  });

  it('of one endpoint leaves the others alone, and no spelling escapes it', async () => {
    expect(await statuses(11, login)).toEqual({ 200: 10, 429: 1 });
    expect((await ask({ ...login, path: '/v1/auth/login/' })).status).toBe(429);
    expect((await ask({ ...login, path: '/v1/auth//login?x' })).status).toBe(429);
    expect((await ask({ ...login, path: '/v1/auth/%6cogin' })).status).toBe(429);
    expect((await ask({ ...login, path: '/v1/auth/refresh' })).status).toBe(200);
    expect((await ask()).status).toBe(200);
  });

  it('is shared by all instances of the gateway', async () => {
    await using other = await startGateway({ environment: environment(), sharedWith: gateway });
    expect(await statuses(5, login)).toEqual({ 200: 5 });
    expect(await statuses(6, { ...login, url: other.url })).toEqual({ 200: 5, 429: 1 });
    expect(await statuses(1, login)).toEqual({ 429: 1 });
  });
});

describe('the subject of a limit', () => {
  it('is the user, from whichever address', async () => {
    const [one, other] = [gateway.token(), gateway.token()];
    const search = { path: '/v1/messages/search?q=x' };
    expect(await statuses(51, { ...search, headers: bearer(one) })).toEqual({ 200: 50, 429: 1 });
    const elsewhere = '198.51.100.1';
    expect(await statuses(1, { ...search, from: elsewhere, headers: bearer(one) })).toEqual({
      429: 1,
    });
    expect(await statuses(1, { ...search, headers: bearer(other) })).toEqual({ 200: 1 });
    const again = gateway.token(one.userId);
    expect(await statuses(1, { ...search, headers: bearer(again) })).toEqual({ 429: 1 });
  });

  it('is the address without a valid token', async () => {
    const forged = { authorization: `Bearer ${gateway.token().token.slice(0, -4)}AAAA` };
    const search = { path: '/v1/messages/search' };
    expect(await statuses(49, { ...search, headers: forged })).toEqual({ 200: 49 });
    expect(await statuses(2, search)).toEqual({ 200: 1, 429: 1 });
    expect(await statuses(1, { ...search, from: '198.51.100.2' })).toEqual({ 200: 1 });
  });

  it('is the address on routes without authentication, whatever tokens are sent', async () => {
    expect(await statuses(6, { ...login, headers: bearer(gateway.token()) })).toEqual({ 200: 6 });
    expect(await statuses(5, { ...login, headers: bearer(gateway.token()) })).toEqual({
      200: 4,
      429: 1,
    });
  });

  it('is a whole network of IPv6', async () => {
    expect(await statuses(6, { ...login, from: '2001:db8:0:7::1' })).toEqual({ 200: 6 });
    expect(await statuses(5, { ...login, from: '2001:db8:0:7:ffff::2' })).toEqual({
      200: 4,
      429: 1,
    });
    expect(await statuses(1, { ...login, from: '2001:db8:0:8::1' })).toEqual({ 200: 1 });
  });

  it('is the nearest address that is not a trusted proxy', async () => {
    expect(await statuses(10, { ...login, from: `1.1.1.1, ${address}` })).toEqual({ 200: 10 });
    expect(await statuses(1, { ...login, from: `2.2.2.2, ${address}` })).toEqual({ 429: 1 });
  });

  it('is one address however a proxy writes it, with its port or in longhand', async () => {
    const host = address;
    const spellings = Array.from({ length: 10 }, (_, port) => `${host}:${40_001 + port}`);
    for (const from of spellings) expect(await statuses(1, { ...login, from })).toEqual({ 200: 1 });
    for (const from of [host, `${host}:5`, `::ffff:${host}`, `[::FFFF:${host}]:443`]) {
      expect(await statuses(1, { ...login, from })).toEqual({ 429: 1 });
    }
    const refresh = { path: '/v1/auth/register', method: 'POST' };
    for (const from of ['[2001:db8:0:9::1]:1', '[2001:DB8::9:0:0:0:2]:2', '2001:db8:0:9::3%eth0']) {
      await statuses(2, { ...refresh, from });
    }
    expect(await statuses(1, { ...refresh, from: '2001:0db8:0000:0009::4' })).toEqual({ 429: 1 });
  });

  it('is the trusted proxy if it names no client', async () => {
    // Each in the place of the client's address, after whatever the client wrote itself.
    const namesNobody = ['unknown', '_hidden', '', 'unix:', '0x7f.1', '1.2.3', '300.1.1.1', 'a:b'];
    const proxy = { ...login, from: '127.0.0.1' };
    const seen = await statuses(1, proxy);
    for (const name of namesNobody) {
      for (const from of [name, `${address}, ${name}`]) {
        for (const [status, count] of Object.entries(await statuses(1, { ...login, from }))) {
          seen[Number(status)] = (seen[Number(status)] ?? 0) + count;
        }
      }
    }
    expect(seen).toEqual({ 200: 10, 429: 7 });
  });

  it('is the connected address, if no proxy is trusted', async () => {
    await using open = await startGateway({ environment: { AUTH_URL: upstream.origin } });
    expect(await statuses(10, { ...login, url: open.url, from: '1.1.1.1' })).toEqual({ 200: 10 });
    expect(await statuses(1, { ...login, url: open.url, from: '2.2.2.2' })).toEqual({ 429: 1 });
  });
});
