import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../test/call.ts';
import { sendRaw } from '../../test/raw-http.ts';
import { bearer, type SmallService, startSmallService } from '../../test/small-service.ts';

let small: SmallService;
beforeAll(async () => {
  small = await startSmallService();
});
afterAll(() => small[Symbol.asyncDispose]());

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('every reply', () => {
  it('has the envelope, and the same request id in its header and in its body', async () => {
    const reply = await call(`${small.url}/v1/plain`);
    expect(reply.body).toEqual({
      success: true,
      data: { plain: true },
      meta: { timestamp: expect.any(String), request_id: reply.headers.get('x-request-id') },
    });
    expect(reply.body.meta?.request_id).toMatch(uuid);
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    expect(reply.headers.has('x-powered-by')).toBe(false);
  });

  it('takes over a sound X-Request-Id, into its log line too', async () => {
    const id = 'web-1.2_3';
    const reply = await call(`${small.url}/v1/plain`, { headers: { 'x-request-id': id } });
    expect(reply.headers.get('x-request-id')).toBe(id);
    expect(reply.body.meta?.request_id).toBe(id);
    const lines = small.logLines.map((line) => JSON.parse(line));
    expect(lines.find((line) => line.request_id === id)).toMatchObject({
      msg: 'request',
      method: 'GET',
      route: '/v1/plain',
      status: 200,
    });
  });

  it.each(['', 'with space', 'x'.repeat(129), '<script>', 'a,b', 'é'])(
    'has an id of its own where the given one is "%s"',
    async (id) => {
      const reply = await call(`${small.url}/v1/plain`, { headers: { 'x-request-id': id } });
      expect(reply.headers.get('x-request-id')).toMatch(uuid);
    },
  );
});

describe('a header that may appear once', () => {
  it.each(['Host', 'Authorization'])('is refused if it appears twice: %s', async (name) => {
    const headers = `Host: x\r\n${name}: Bearer a-good-token\r\n${name}: Bearer b\r\n`;
    const request = `GET /v1/plain HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`;
    const reply = await sendRaw(small.port, request);
    expect(reply.status).toBe(400);
    expect(reply.body).toContain(`Send the header ${name.toLowerCase()} once.`);
  });
});

describe('an unknown route', () => {
  it.each(['/', '/v1', '/v1/unknown', '/v1/PLAIN', '/v1/plain/more', '/%zz', '//', '/v1/../v1'])(
    '%s is NOT_FOUND',
    async (path) => {
      const reply = await call(`${small.url}${path}`);
      expect([reply.status, reply.code]).toEqual([404, 'NOT_FOUND']);
      expect(reply.body.success).toBe(false);
    },
  );
});

describe('a wrong method', () => {
  it.each([
    ['PATCH', '/v1/notes', 'POST'],
    ['GET', '/v1/notes', 'POST'],
    ['DELETE', '/v1/plain', 'GET, HEAD'],
    ['OPTIONS', '/v1/plain', 'GET, HEAD'],
    ['POST', '/ready', 'GET, HEAD'],
    ['PUT', '/v1/degraded', 'GET, HEAD'],
  ])('%s %s is METHOD_NOT_ALLOWED and says %s', async (method, path, allow) => {
    const reply = await call(`${small.url}${path}`, { method });
    expect([reply.status, reply.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect(reply.headers.get('allow')).toBe(allow);
  });

  it('is not HEAD if there is GET', async () => {
    const reply = await call(`${small.url}/v1/plain`, { method: 'HEAD' });
    expect([reply.status, reply.text]).toEqual([200, '']);
  });
});

describe('the common routes', () => {
  it('say that the process is alive', async () => {
    expect((await call(`${small.url}/live`)).body).toEqual({ status: 'live' });
  });

  it('show the rows and their current mode', async () => {
    const reply = await call(`${small.url}/v1/degraded`);
    expect(reply.body.data).toMatchObject({
      service: 'small-service',
      redis: 'available',
      degraded: false,
    });
    expect(reply.body.data?.['rows']).toContainEqual({
      route: 'POST /v1/closed',
      operation: 'closed',
      mode: 'normal',
      ports: { guard: 'fail closed (503, Retry-After 7)' },
    });
  });

  it('show the fleet on the gateway alone', async () => {
    const reply = await call(`${small.url}/v1/degraded?fleet=true`);
    expect([reply.status, reply.code]).toEqual([400, 'VALIDATION_ERROR']);
  });

  it('are in the OpenAPI document', async () => {
    const document = (await call(`${small.url}/openapi.json`)).body;
    expect(document['openapi']).toMatch(/^3\.1/);
    expect(document['paths']).toHaveProperty(['/v1/degraded', 'get']);
  });

  it('measure requests by route, never by what a client invents', async () => {
    await call(`${small.url}/v1/notes/${crypto.randomUUID()}`);
    await call(`${small.url}/invented`);
    const metrics = await fetch(`${small.url}/metrics`).then((reply) => reply.text());
    expect(metrics).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/v1\/notes\/:note_id",status="200"\} 1/,
    );
    expect(metrics).toContain('route="none",status="404"');
    expect(metrics).not.toContain('invented');
  });
});

describe('what caches may keep', () => {
  it.each([
    ['a reply', 200, '/v1/plain', {}],
    ['a reply to somebody', 200, '/v1/mine', { body: '{"title":"a","count":1}', headers: bearer }],
    ['a refusal', 401, '/v1/mine', { body: '{"title":"a","count":1}' }],
    ['a body that is wrong', 400, '/v1/notes', { body: '{' }],
    ['a path that is not there', 404, '/v1/unknown', {}],
    ['a method that is not there', 405, '/v1/plain', { method: 'PUT' }],
    ['health', 200, '/ready', {}],
    ['the table', 200, '/v1/degraded', {}],
  ])('is nothing of %s (%d)', async (_what, status, path, options) => {
    const reply = await call(`${small.url}${path}`, options);
    expect([reply.status, reply.headers.get('cache-control')]).toEqual([status, 'no-store']);
  });

  it('is nothing of a refusal while Redis is down, and of an error of ours', async () => {
    await using broken = await startSmallService();
    broken.context.thrown = new Error('a mistake');
    broken.mode.availability.recordFailure({ severity: 'hard', reason: 'away' });
    for (const [status, method, path] of [
      [503, 'POST', '/v1/closed'],
      [500, 'GET', '/v1/failing'],
    ] as const) {
      const reply = await call(`${broken.url}${path}`, { method });
      expect([reply.status, reply.headers.get('cache-control')]).toEqual([status, 'no-store']);
    }
  });

  it('is nothing of an upgrade that is refused', async () => {
    const upgrade =
      'GET /v1/ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
    const { status, head } = await sendRaw(small.port, upgrade);
    expect(status).toBe(401);
    expect(head).toMatch(/^cache-control: no-store$/im);
  });

  it.each(['/metrics', '/openapi.json'])('is %s, which is revalidated', async (path) => {
    const reply = await fetch(`${small.url}${path}`);
    await reply.arrayBuffer();
    expect(reply.headers.get('cache-control')).toBe('no-cache');
  });
});

describe('log lines', () => {
  it('hold no token, password or query, whatever the request', async () => {
    const secret = 'hunter2secret';
    const body = JSON.stringify({ title: secret, password: secret, access_token: secret });
    const headers = { authorization: `Bearer ${secret}`, cookie: `session=${secret}` };
    await call(`${small.url}/v1/mine?access_token=${secret}`, { body, headers });
    await call(`${small.url}/v1/notes?password=${secret}`, { body, headers });
    await call(`${small.url}/v1/search?q=${secret}`, { headers });
    await call(`${small.url}/v1/labels/${secret}`, { headers });
    await call(`${small.url}/${secret}`, { headers });
    const ids = small.logLines.filter((line) => line.includes('"msg":"request"'));
    expect(ids.length).toBeGreaterThan(4);
    expect(small.logLines.join('')).not.toContain(secret);
  });
});
