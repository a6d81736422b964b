import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { endpoint } from '@secureconnect/contracts';
import { failClosed, markdownTable } from '@secureconnect/degraded-mode';
import { eventually } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { call } from '../../test/call.ts';
import { sendRaw } from '../../test/raw-http.ts';
import { declare, smallRoutes, startSmallService } from '../../test/small-service.ts';
import { replied } from '../index.ts';

const described = { tag: 'Small', summary: 'Be added', auth: 'none', errors: [] } as const;

describe('a route that is added to the list, and to nothing else', () => {
  it('shows in the live table, the metrics at zero, OpenAPI and the generated table', async () => {
    const added = declare.route(
      endpoint({
        ...described,
        route: 'POST /v1/added/:added_id',
        id: 'added',
        action: 'added',
        reply: z.object({}),
      }),
      { guard: failClosed({ retryAfterSeconds: 3 }) },
      async () => ({}),
    );
    const routes = [...smallRoutes, added];
    await using small = await startSmallService({ routes });
    expect((await call(`${small.url}/v1/degraded`)).body.data?.['rows']).toContainEqual({
      route: 'POST /v1/added/:added_id',
      operation: 'added',
      mode: 'normal',
      ports: { guard: 'fail closed (503, Retry-After 3)' },
    });
    const metrics = await fetch(`${small.url}/metrics`).then((reply) => reply.text());
    expect(metrics).toContain(
      'redis_fallbacks_total{route="POST /v1/added/:added_id",port="guard",fallback="failClosed"} 0',
    );
    const document = (await call(`${small.url}/openapi.json`)).body;
    expect(document['paths']).toMatchObject({
      '/v1/added/{added_id}': {
        post: {
          operationId: 'added',
          responses: { 503: {} },
          'x-when-redis-down': { guard: 'fail closed (503, Retry-After 3)' },
        },
      },
    });
    expect(markdownTable(routes.map(({ policy }) => policy))).toContain(
      '| `POST /v1/added/:added_id` | guard: fail closed (503, Retry-After 3) |',
    );
  });
});

describe('the metrics of degraded mode', () => {
  it('count each fallback under its row and port, and show the flag', async () => {
    await using small = await startSmallService();
    const metrics = () => fetch(`${small.url}/metrics`).then((reply) => reply.text());
    expect(await metrics()).toContain('redis_degraded_mode{service="small-service"} 0');
    small.counter.away = true;
    await call(`${small.url}/v1/open`, { method: 'POST' });
    await call(`${small.url}/v1/closed`, { method: 'POST' });
    const after = await metrics();
    expect(after).toContain('redis_degraded_mode{service="small-service"} 1');
    expect(after).toContain('{route="POST /v1/open",port="counter",fallback="local"} 1');
    expect(after).toContain('{route="POST /v1/closed",port="guard",fallback="failClosed"} 1');
  });
});

describe('a connection', () => {
  const head = 'POST /v1/mine HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  const next = 'GET /v1/plain HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  // A body that reads like a request: taken for one, it would be answered.
  const smuggled = 'GET /v1/plain HTTP/1.1\r\nHost: x\r\n\r\n';

  it.each([
    ['declared', `Content-Length: ${smuggled.length}\r\n\r\n${smuggled}`],
    ['chunked', `Transfer-Encoding: chunked\r\n\r\n23\r\n${smuggled}\r\n0\r\n\r\n`],
  ])('never takes an unread %s body for the next request', async (_how, rest) => {
    expect(smuggled).toHaveLength(0x23);
    await using small = await startSmallService();
    const { status, text } = await sendRaw(small.port, head + rest, next);
    expect(status).toBe(401);
    const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map((match) => match[1]);
    expect(statuses.length).toBeLessThanOrEqual(2);
    expect(small.logLines.filter((line) => line.includes('/v1/plain')).length).toBeLessThan(2);
  });

  it('gets its early refusal even while it still sends a large body', async () => {
    await using small = await startSmallService();
    const body = JSON.stringify({ title: 'x'.repeat(2_000_000) });
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      expect((await call(`${small.url}/v1/mine`, { body })).status).toBe(401);
    }
  });

  it('has limits on how slowly and how much it may send', async () => {
    await using small = await startSmallService();
    const { server } = small.service;
    expect(server.headersTimeout).toBe(10_000);
    expect(server.requestTimeout).toBe(60_000);
    expect(server.maxConnections).toBe(20_000);
    const large = `GET /v1/plain HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`;
    expect((await sendRaw(small.port, large)).status).toBe(431);
    expect((await sendRaw(small.port, 'no HTTP at all\r\n\r\n')).status).toBe(400);
  });
});

describe('close', () => {
  it('lets a request in flight finish, then ends its kept connection at once', async () => {
    const small = await startSmallService();
    let answer = (_value: unknown): void => undefined;
    small.context.slow = new Promise((resolve) => {
      answer = resolve;
    });
    using cleanUp = new DisposableStack();
    const agent = cleanUp.adopt(new Agent({ keepAlive: true }), (kept) => kept.destroy());
    const requested = once(small.service.server, 'request');
    const responded = once(get(`${small.url}/v1/slow`, { agent }), 'response');
    await requested;
    const idle = connect(small.port, '127.0.0.1').resume();
    await once(idle, 'connect');
    const startedAt = performance.now();
    const closed = small.service.close();
    await once(idle, 'close');
    await expect(fetch(`${small.url}/live`)).rejects.toThrow();
    answer(true);
    const [response] = await responded;
    expect([response.statusCode, response.headers.connection]).toEqual([200, 'close']);
    response.resume();
    await closed;
    // Without the reply's `Connection: close` this takes the whole drain of eight seconds.
    expect(performance.now() - startedAt).toBeLessThan(7000);
  });

  it('answers a request that had arrived on a kept connection, but was not read yet', async () => {
    const small = await startSmallService();
    const kept = connect(small.port, '127.0.0.1').setEncoding('utf8');
    const ask = 'GET /live HTTP/1.1\r\nHost: small\r\n\r\n';
    kept.write(ask);
    await once(kept, 'data');
    // It is in the server's buffer at once; nothing is read between these two lines.
    kept.write(ask);
    const closed = small.service.close();
    const [reply] = await once(kept, 'data');
    expect(reply).toMatch(/^HTTP\/1.1 200 OK/);
    await closed;
  });

  it('ends a reply that had begun with its connection', async () => {
    const stream = declare.route(
      endpoint({ ...described, route: 'GET /v1/stream', id: 'stream', action: 'stream' }),
      {},
      async ({ context, outgoing }): Promise<typeof replied> => {
        outgoing.write('begun ');
        await context.slow;
        outgoing.end('done');
        return replied;
      },
    );
    const small = await startSmallService({ routes: [stream] });
    let answer = (_value: unknown): void => undefined;
    small.context.slow = new Promise((resolve) => {
      answer = resolve;
    });
    const reply = await fetch(`${small.url}/v1/stream`);
    const closed = small.service.close();
    await eventually(() => expect(small.service.server.listening).toBe(false));
    answer(true);
    expect(await reply.text()).toBe('begun done');
    const startedAt = performance.now();
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(7000);
  });
});
