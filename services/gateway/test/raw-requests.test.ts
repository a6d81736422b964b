import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { echoService } from './echo-service.ts';
import { startGateway, startUpstream, type TestGateway } from './harness.ts';

const stack = new AsyncDisposableStack();
let gateway: TestGateway;
/** What reached a service, first line and headers as they came. */
const seen: { line: string; headers: Record<string, string | string[] | undefined> }[] = [];

beforeAll(async () => {
  const upstream = stack.use(
    await startUpstream((request, reply) => {
      seen.push({ line: `${request.method} ${request.url}`, headers: request.headers });
      request.resume().on('end', () => reply.end('from the service'));
    }),
  );
  const sockets = stack.use(await echoService('chat'));
  gateway = stack.use(
    await startGateway({
      environment: {
        AUTH_URL: upstream.origin,
        STORAGE_URL: upstream.origin,
        CHAT_URL: sockets.origin,
        GATEWAY_TRUSTED_PROXIES: 'loopback',
      },
    }),
  );
});
afterAll(() => stack.disposeAsync());

let tests = 0;
beforeEach(() => {
  tests += 1;
  seen.length = 0;
});

/** Sends bytes as they are; resolves to all that came until the gateway ended the connection. */
async function send(head: string, body = ''): Promise<string> {
  const socket = connect(gateway.port, '127.0.0.1').setEncoding('utf8');
  const own = `X-Forwarded-For: 203.0.113.${tests}\r\nConnection: close\r\n`;
  socket.write(`${head}${own}\r\n${body}`);
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}
const statusOf = (text: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
const request = (method: string, target: string, more = '') =>
  `${method} ${target} HTTP/1.1\r\nHost: app.example.com\r\n${more}`;

describe('a method', () => {
  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PURGE'])(
    '%s reaches the service as itself, and is counted',
    async (method) => {
      const text = await send(request(method, '/v1/auth/x'));
      expect(statusOf(text)).toBe(200);
      expect(text).toMatch(/^x-ratelimit-remaining: 99\r$/im);
      expect(seen.map(({ line }) => line)).toEqual([`${method} /v1/auth/x`]);
    },
  );

  it('that HTTP does not know, or that asks for a tunnel, reaches no service', async () => {
    expect(statusOf(await send(request('FOO', '/v1/auth/x')))).toBe(400);
    expect(await send(request('CONNECT', 'auth:8081'))).toBe('');
    expect(seen).toEqual([]);
  });

  it('TRACE gets nothing of its own headers back', async () => {
    const text = await send(request('TRACE', '/v1/auth/x', 'Cookie: a=secret\r\n'));
    expect(text).not.toContain('secret');
  });
});

describe('a target', () => {
  it.each([
    // As it is written: what the gateway takes for one route is no other behind it.
    ['/v1/auth/a%2Fb', 200, '/v1/auth/a%2Fb'],
    ['/v1/auth//x', 200, '/v1/auth//x'],
    ['/v1/auth/../storage/files', 200, '/v1/auth/../storage/files'],
    ['/v1/auth/%2e%2e/storage', 200, '/v1/auth/%2e%2e/storage'],
    ['/v1/auth/x?a=/../b', 200, '/v1/auth/x?a=/../b'],
    ['http://elsewhere.example/v1/auth/x', 200, '/v1/auth/x'],
    // Of no prefix: answered here, by none of the services.
    ['//v1/auth/x', 404, undefined],
    ['/v1%2Fauth/x', 404, undefined],
    ['/v1/../v1/auth/x', 404, undefined],
    ['/./v1/auth/x', 404, undefined],
    ['/v1/authx', 404, undefined],
    ['http://elsewhere.example', 404, undefined],
    ['*', 404, undefined],
    ['/v1/auth/%zz', 400, undefined],
  ])('%s is answered %i', async (target, status, passed) => {
    const text = await send(request('OPTIONS', target));
    expect(statusOf(text)).toBe(status);
    expect(seen.map(({ line }) => line)).toEqual(passed === undefined ? [] : [`OPTIONS ${passed}`]);
  });

  it('of a socket is that path alone', async () => {
    const upgrade = 'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n';
    for (const path of ['/v1/ws/x/../chat', '/v1/ws//chat', '/v1/ws%2Fchat', '/V1/ws/chat']) {
      expect(statusOf(await send(request('GET', path, upgrade)))).toBe(404);
    }
    expect(seen).toEqual([]);
  });
});

describe('headers', () => {
  it.each([
    ['two hosts', 'Host: other.example.com\r\n', ''],
    ['two authorizations', 'Authorization: Bearer a\r\nAuthorization: Bearer b\r\n', ''],
    ['two lengths', 'Content-Length: 1\r\nContent-Length: 2\r\n', 'ab'],
    ['the same length twice', 'Content-Length: 2\r\nContent-Length: 2\r\n', 'ab'],
    ['a length beside chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'],
  ])('with %s reach no service', async (_what, headers, body) => {
    expect(statusOf(await send(request('POST', '/v1/auth/x', headers), body))).toBe(400);
    expect(seen).toEqual([]);
  });

  it('that offer another protocol do not reach the service, nor do those they name', async () => {
    const offer =
      'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n' +
      'Connection: Upgrade, HTTP2-Settings\r\n';
    expect(statusOf(await send(request('GET', '/v1/auth/x', offer)))).toBe(200);
    expect(seen[0]?.headers).not.toHaveProperty('upgrade');
    expect(seen[0]?.headers).not.toHaveProperty('http2-settings');
  });

  it('Expect: 100-continue is answered here, and anything else refused', async () => {
    const length = 'Content-Length: 2\r\n';
    const text = await send(
      request('POST', '/v1/auth/x', `Expect: 100-continue\r\n${length}`),
      'ab',
    );
    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    expect(seen[0]?.headers).not.toHaveProperty('expect');
    const other = await send(request('POST', '/v1/auth/x', `Expect: more\r\n${length}`), 'ab');
    expect(statusOf(other)).toBe(417);
    expect(seen).toHaveLength(1);
  });
});

describe('an upgrade', () => {
  it.each([
    ['POST', '', 405],
    ['HEAD', '', 400],
    ['GET', 'Content-Length: 2\r\n', 400],
    ['GET', 'Upgrade: websocket\r\n', 400],
  ])('by %s opens nothing (%#)', async (method, headers, status) => {
    const upgrade = 'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n';
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
    const sent = request(method, '/v1/ws/chat', `${upgrade}${key}${headers}`);
    expect(statusOf(await send(sent, headers.startsWith('Content') ? 'ab' : ''))).toBe(status);
  });
});
