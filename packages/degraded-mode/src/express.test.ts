import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { comeUp, goDown, type RedisOfTest, testPorts } from '../test/bound-row.ts';
import { newMode } from '../test/scripted-probes.ts';
import type { DegradedMode } from './degraded-mode.ts';
import { degradedErrors, degradedRoutes } from './express.ts';
import { failClosed, failOpen } from './fallback.ts';

const closed = failClosed({ retryAfterSeconds: 7 });

let mode: DegradedMode;
let server: Server;
let redis: RedisOfTest;

function shop(): express.Express {
  const test = testPorts();
  redis = test.redis;
  const app = express();
  app.set('json spaces', 2);
  const route = degradedRoutes(app, mode, test.ports);
  route.get(
    '/hits',
    { operation: 'hits', whenRedisDown: { hitCounter: failOpen.local() } },
    async (_request, { hitCounter }) => ({ hits: await hitCounter.add(1) }),
  );
  route.post(
    '/orders',
    { operation: 'order', status: 201, whenRedisDown: { sessions: closed } },
    async (_request, { sessions }) => ({ order: await sessions.add(2) }),
  );
  route.delete('/carts/:user', { operation: 'cart', whenRedisDown: {} }, () => undefined);
  route.put('/faulty', { operation: 'faulty', whenRedisDown: {} }, () => {
    throw new Error('a bug');
  });
  route.patch('/names', { operation: 'name', whenRedisDown: {} }, () => ['patched']);
  app.use(degradedErrors);
  app.use(((error, _request, response, _next) => {
    response.status(500).send(String(error));
  }) satisfies express.ErrorRequestHandler);
  return app;
}

beforeEach(async () => {
  mode = newMode();
  comeUp(mode);
  await new Promise<void>((resolve) => {
    server = shop().listen(0, '127.0.0.1', () => resolve());
  });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function send(method: string, path: string) {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('a route with a row', () => {
  it('sends as JSON what its handler returns', async () => {
    const { headers, status, text } = await send('GET', '/hits');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({ hits: 'redis 1' });
    expect(headers.has('x-degraded')).toBe(false);
  });

  it.each([
    ['POST', '/orders', 201, '{\n  "order": "redis 2"\n}'],
    ['PATCH', '/names', 200, '[\n  "patched"\n]'],
    ['DELETE', '/carts/me', 204, ''],
  ])('%s %s answers %i', async (method, path, status, text) => {
    expect(await send(method, path)).toMatchObject({ status, text });
  });

  it('names the fallbacks used in a header', async () => {
    goDown(mode);
    const { headers, status, text } = await send('GET', '/hits');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({ hits: 'local 1' });
    expect(headers.get('x-degraded')).toBe('hit-counter=local');
  });

  it('that fails closed is refused byte for byte as clients know it', async () => {
    goDown(mode);
    const { headers, status, text } = await send('POST', '/orders');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('7');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(text).toBe(
      '{"error":"SERVICE_DEGRADED","code":"redis_unavailable","mode":"degraded",' +
        '"message":"order is operating in degraded mode due to Redis unavailability"}',
    );
  });

  it('is refused the same way when Redis fails in the middle of its handler', async () => {
    redis.error = new Error('hard: ECONNRESET');
    expect(await send('POST', '/orders')).toMatchObject({ status: 503 });
    expect(mode.isAvailable()).toBe(false);
  });

  it('passes other errors on', async () => {
    expect(await send('PUT', '/faulty')).toMatchObject({ status: 500, text: 'Error: a bug' });
  });
});

describe('GET /v1/degraded', () => {
  it('lists the rows with their current mode', async () => {
    goDown(mode);
    const table = JSON.parse((await send('GET', '/v1/degraded')).text);
    expect(table).toMatchObject({ service: 'test', redis: 'unavailable', degraded: true });
    expect(table.rows).toContainEqual({
      route: 'POST /orders',
      operation: 'order',
      mode: 'fail_closed',
      ports: { sessions: 'fail closed (503, Retry-After 7)' },
    });
    expect(table.rows).toHaveLength(5);
  });
});
