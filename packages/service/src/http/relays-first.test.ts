import { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../test/call.ts';
import { sendRaw } from '../../test/raw-http.ts';
import {
  declare,
  type SmallService,
  smallRoutes,
  startSmallService,
} from '../../test/small-service.ts';
import { replied } from '../index.ts';

const origin = 'https://app.example.com';
/** Whether the last request went through the router, which gives requests a prototype of its own. */
let wasRouted = false;
let small: SmallService;

const relay = declare.relay('/v1/things{/*rest}', { action: 'relay' }, {}, async (request) => {
  const { incoming, outgoing, requestId, clientAddress } = request;
  wasRouted = Object.getPrototypeOf(incoming) !== IncomingMessage.prototype;
  if (incoming.headers['x-fail'] !== undefined) throw new Error('it fails');
  outgoing.end(JSON.stringify({ requestId, clientAddress, url: incoming.url }));
  return replied;
});

beforeAll(async () => {
  small = await startSmallService({ routes: [relay, ...smallRoutes], cors: { origins: [origin] } });
});
afterAll(() => small[Symbol.asyncDispose]());

const plain = ['/v1/things', '/v1/things/', '/v1/things?a=%20', '/v1/things/a/b', '/v1/things//'];
const toInterpret = ['/v1/things/%61', '/v1/things/a%2Fb?c'];

describe('a relay', () => {
  it.each([
    ...plain.map((url) => [url, url.includes('%')] as const),
    ...toInterpret.map((url) => [url, true] as const),
  ])('serves %s, through the router only if the target needs it', async (url, isRouted) => {
    const reply = await sendRaw(
      small.port,
      `GET ${url} HTTP/1.1\r\nHost: x\r\nX-Request-Id: an-id\r\nConnection: close\r\n\r\n`,
    );
    expect(JSON.parse(reply.body)).toEqual({ requestId: 'an-id', clientAddress: '127.0.0.1', url });
    for (const line of ['X-Request-Id: an-id', 'Cache-Control: no-store', 'Vary: Origin']) {
      expect(reply.head).toContain(line);
    }
    expect(wasRouted).toBe(isRouted);
    const lines = small.logLines.map((line) => JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({ msg: 'request', route: relay.path, status: 200 });
  });

  it.each(['/v1/Things', '/v1/thingsx', '/v1//things', '/v1/things\\a'])(
    'does not serve %s',
    async (url) => {
      const reply = await sendRaw(
        small.port,
        `GET ${url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      expect(reply.status).toBe(404);
    },
  );

  it('leaves a path that cannot be decoded to the router, which refuses it', async () => {
    expect((await call(`${small.url}/v1/things/%zz`)).code).toBe('VALIDATION_ERROR');
  });

  it.each(['/v1/things/a', '/v1/things/%61'])(
    'has the same refusals with and without the router: %s',
    async (url) => {
      const failed = await call(`${small.url}${url}`, { headers: { 'x-fail': '1' } });
      expect([failed.status, failed.code]).toEqual([500, 'INTERNAL_ERROR']);
      const twice = await sendRaw(
        small.port,
        `GET ${url} HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n`,
      );
      expect(twice.status).toBe(400);
      const asks = { origin, 'access-control-request-method': 'PUT' };
      const preflight = await call(`${small.url}${url}`, { method: 'OPTIONS', headers: asks });
      expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([
        204,
        origin,
      ]);
    },
  );
});
