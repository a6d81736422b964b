import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, startUpstream, type TestGateway } from './harness.ts';

const page = 'https://app.example.com';
const stack = new AsyncDisposableStack();
let gateway: TestGateway;
let asked = 0;

beforeAll(async () => {
  const upstream = stack.use(
    await startUpstream((_request, reply) => {
      asked += 1;
      reply.setHeader('Access-Control-Allow-Origin', '*');
      reply.setHeader('Vary', 'Accept-Encoding, Origin');
      reply.end('normal');
    }),
  );
  const environment = { AUTH_URL: upstream.origin, CORS_ORIGINS: `http://localhost:3000,${page}` };
  gateway = stack.use(await startGateway({ environment }));
});
afterAll(() => stack.disposeAsync());

const preflight = (origin: string) =>
  fetch(`${gateway.url}/v1/auth/login`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST' },
  });

describe('a preflight', () => {
  it('of a listed origin is answered by the gateway, with the permissions', async () => {
    const before = asked;
    const reply = await preflight(page);
    expect(reply.status).toBe(204);
    const { headers } = reply;
    expect(headers.get('access-control-allow-origin')).toBe(page);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('access-control-allow-methods')).toContain('DELETE');
    expect(headers.get('access-control-allow-headers')).toContain('Authorization');
    expect(headers.get('access-control-max-age')).toBe('7200');
    expect(headers.get('vary')).toBe('Origin');
    expect(asked).toBe(before);
  });

  it.each([
    ['https://evil.example'],
    ['null'],
    [`${page}.evil.example`],
    ['http://app.example.com'],
  ])('of %s gets no permission', async (origin) => {
    const { status, headers } = await preflight(origin);
    expect(status).toBe(204);
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('a request', () => {
  it('of a listed origin may be read, with the headers that clients need', async () => {
    const reply = await fetch(`${gateway.url}/v1/auth/x`, { headers: { origin: page } });
    expect(reply.headers.get('access-control-allow-origin')).toBe(page);
    const exposed = reply.headers.get('access-control-expose-headers');
    for (const name of ['X-RateLimit-Remaining', 'X-Degraded', 'Retry-After', 'X-Request-Id']) {
      expect(exposed).toContain(name);
    }
    expect(reply.headers.get('vary')).toBe('Origin, Accept-Encoding');
  });

  it('of a listed origin may read errors too', async () => {
    const reply = await fetch(`${gateway.url}/nowhere`, { headers: { origin: page } });
    expect(reply.status).toBe(404);
    expect(reply.headers.get('access-control-allow-origin')).toBe(page);
  });

  it('of an unlisted origin, or of none, gets no permission, whatever the service replies', async () => {
    for (const headers of [{ origin: 'https://evil.example' }, {}]) {
      const reply = await fetch(`${gateway.url}/v1/auth/x`, { headers });
      expect(reply.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

it('only listed pages may call', async () => {
  await using closed = await startGateway();
  const reply = await fetch(`${closed.url}/live`, { headers: { origin: page } });
  expect(reply.headers.get('access-control-allow-origin')).toBeNull();
});
