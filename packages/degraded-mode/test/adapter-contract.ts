import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DegradedMode, failClosed, failOpen, type PortsOf } from '../src/index.ts';
import type { TableOptions } from '../src/rows.ts';
import { comeUp, goDown, type RedisOfTest, testPorts } from './bound-row.ts';
import { newMode } from './scripted-probes.ts';

export type TestPorts = ReturnType<typeof testPorts>['ports'];

const closed = failClosed({ retryAfterSeconds: 7 });
const closedAtCall = failClosed({ retryAfterSeconds: 7, checkedAt: 'call' });

/**
 * The rows of the app that each adapter's test builds. `GET /hits`, `POST /orders`, `DELETE
 * /carts/:user` and `PUT /faulty` return JSON or nothing; `GET /moved/:code` redirects; `GET /text`
 * streams; in front of `GET /limited` is a middleware; `POST /mixed` uses its first port, then its
 * second, which `GET /limited` does as well.
 */
export const rows = {
  hits: { operation: 'hits', whenRedisDown: { hitCounter: failOpen.local() } },
  orders: { operation: 'order', status: 201, whenRedisDown: { sessions: closed } },
  carts: { operation: 'cart', whenRedisDown: {} },
  faulty: { operation: 'faulty', whenRedisDown: {} },
  moved: {
    route: 'GET /moved/:code',
    operation: 'redirecting',
    whenRedisDown: { hitCounter: failOpen.local() },
  },
  text: {
    route: 'GET /text',
    operation: 'reading',
    whenRedisDown: { hitCounter: failOpen.local() },
  },
  limiter: {
    route: 'limiter of /limited',
    operation: 'limiting',
    whenRedisDown: { hitCounter: failOpen.skip() },
  },
  limited: { operation: 'limited', whenRedisDown: { sessions: closedAtCall } },
  mixed: {
    operation: 'mixed',
    whenRedisDown: { hitCounter: failOpen.local(), sessions: closedAtCall },
  },
} as const;

type Handle<Row extends { readonly whenRedisDown: object }> = (
  request: unknown,
  ports: PortsOf<TestPorts, Row['whenRedisDown']>,
) => unknown;

/** The verbs of an adapter, whatever a request is to it. */
interface JsonRoutes {
  get(path: string, row: typeof rows.hits, handle: Handle<typeof rows.hits>): void;
  post(path: string, row: typeof rows.orders, handle: Handle<typeof rows.orders>): void;
  post(path: string, row: typeof rows.mixed, handle: Handle<typeof rows.mixed>): void;
  delete(path: string, row: typeof rows.carts, handle: Handle<typeof rows.carts>): void;
  put(path: string, row: typeof rows.faulty, handle: Handle<typeof rows.faulty>): void;
}

/** Declares the routes that return JSON or nothing, and use nothing of the framework. */
export function declareJsonRoutes(route: JsonRoutes): void {
  route.get('/hits', rows.hits, async (_request, { hitCounter }) => ({
    hits: await hitCounter.add(1),
  }));
  route.post('/orders', rows.orders, async (_request, { sessions }) => ({
    order: await sessions.add(2),
  }));
  route.delete('/carts/:user', rows.carts, () => undefined);
  route.put('/faulty', rows.faulty, () => {
    throw new Error('a bug');
  });
  route.post('/mixed', rows.mixed, async (_request, { hitCounter, sessions }) => {
    await hitCounter.add(7);
    return { mixed: await sessions.add(8) };
  });
}

/** An app that listens. */
export interface RunningApp {
  readonly url: string;
  close(): Promise<unknown>;
}

type StartApp = (
  mode: DegradedMode,
  ports: TestPorts,
  options?: TableOptions,
) => Promise<RunningApp>;

/** What every adapter must do alike, whatever its framework. */
export function itKeepsTheContract(name: string, start: StartApp): void {
  let mode: DegradedMode;
  let redis: RedisOfTest;
  let app: RunningApp;
  beforeEach(async () => {
    mode = newMode();
    comeUp(mode);
    const test = testPorts();
    redis = test.redis;
    app = await start(mode, test.ports);
  });
  afterEach(() => app.close());

  async function send(method: string, path: string) {
    const reply = await fetch(`${app.url}${path}`, { method, redirect: 'manual' });
    const { status, headers } = reply;
    const text = await reply.text();
    const of = (header: string) => headers.get(header);
    return {
      ...{ status, text, type: of('content-type'), location: of('location') },
      ...{ degraded: of('x-degraded'), retryAfter: of('retry-after') },
    };
  }

  const refused = {
    status: 503,
    type: 'application/json; charset=utf-8',
    degraded: null,
    retryAfter: '7',
    location: null,
  };
  const refusal = (operation: string): string =>
    '{"error":"SERVICE_DEGRADED","code":"redis_unavailable","mode":"degraded",' +
    `"message":"${operation} is operating in degraded mode due to Redis unavailability"}`;

  describe(`${name}, while Redis is up`, () => {
    it.each([
      ['GET', '/hits', 200, '{"hits":"redis 1"}'],
      ['POST', '/orders', 201, '{"order":"redis 2"}'],
      ['DELETE', '/carts/ada', 204, ''],
      ['GET', '/text', 200, 'redis 4'],
      ['GET', '/limited', 200, '{"limited":"redis 6","taken":"redis 5"}'],
    ])('%s %s answers %i %s', async (method, path, status, text) => {
      expect(await send(method, path)).toMatchObject({ status, text, degraded: null });
    });

    it('redirects by what its port says, and reads the parameters of the path', async () => {
      const moved = { status: 302, location: '/ada/redis%203', degraded: null };
      expect(await send('GET', '/moved/ada')).toMatchObject(moved);
    });

    it('passes other errors on', async () => {
      expect(await send('PUT', '/faulty')).toMatchObject({ status: 500, text: 'a bug' });
    });
  });

  describe(`${name}, while Redis is down`, () => {
    beforeEach(() => goDown(mode));

    it.each([
      ['/hits', 200, 'hit-counter=local'],
      ['/moved/ada', 302, 'hit-counter=local'],
      ['/text', 200, 'hit-counter=local'],
    ])('GET %s answers %i, and names its fallback', async (path, status, degraded) => {
      expect(await send('GET', path)).toMatchObject({ status, degraded });
    });

    it('refuses a row that fails closed', async () => {
      expect(await send('POST', '/orders')).toEqual({ ...refused, text: refusal('order') });
    });

    it('refuses in the middle of a handler, and names no fallback then', async () => {
      expect(await send('POST', '/mixed')).toEqual({ ...refused, text: refusal('mixed') });
    });

    it('refuses after a middleware that failed open', async () => {
      expect(await send('GET', '/limited')).toEqual({ ...refused, text: refusal('limited') });
    });

    it('lists its rows with their current mode', async () => {
      const table = JSON.parse((await send('GET', '/v1/degraded')).text);
      expect(table).toMatchObject({ service: 'test', redis: 'unavailable', degraded: true });
      expect(table.rows).toHaveLength(Object.keys(rows).length);
      expect(table.rows).toContainEqual({
        ...{ route: 'POST /orders', operation: 'order', mode: 'fail_closed' },
        ports: { sessions: 'fail closed (503, Retry-After 7)' },
      });
      expect(table.rows).toContainEqual({
        ...{ route: 'limiter of /limited', operation: 'limiting', mode: 'fail_open' },
        ports: { 'hit-counter': 'fail open: skip' },
      });
    });
  });

  it.each([
    ['at a path of its own', '/rows', 200],
    ['nowhere', false, 404],
  ] as const)(`${name} serves the table of its rows %s`, async (_where, tablePath, status) => {
    await app.close();
    app = await start(mode, testPorts().ports, { tablePath });
    expect(await send('GET', '/rows')).toMatchObject({ status });
    expect(await send('GET', '/v1/degraded')).toMatchObject({ status: 404 });
  });

  it(`${name}: a row is refused the same way when Redis fails in the middle of its handler`, async () => {
    redis.error = new Error('hard: ECONNRESET');
    expect(await send('POST', '/orders')).toEqual({ ...refused, text: refusal('order') });
    expect(mode.isAvailable()).toBe(false);
  });
}
