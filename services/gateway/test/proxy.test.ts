import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { textOf, useFront } from './front.ts';

const front = useFront();

describe('a request', () => {
  it('reaches its service unchanged, and so does the reply', async () => {
    const seen: unknown[] = [];
    front.handle = async (request, reply) => {
      seen.push(request.method, request.url, request.headers['content-type']);
      seen.push(await textOf(request));
      reply.setHeader('Set-Cookie', ['a=1', 'b=2']);
      reply.writeHead(418, { 'Content-Type': 'text/plain', 'X-Own': 'yes' }).end('short');
    };
    const reply = await front.ask('/v1/users/a%20b/%C3%A9?q=1&q=%2F..', {
      method: 'PATCH',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    });
    expect(seen).toEqual([
      'PATCH',
      '/v1/users/a%20b/%C3%A9?q=1&q=%2F..',
      'application/json',
      '{"a":1}',
    ]);
    expect([reply.status, await reply.text()]).toEqual([418, 'short']);
    expect(reply.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(reply.headers.get('x-own')).toBe('yes');
  });

  it.each([
    ['/v1/auth'],
    ['/v1/auth/a/b'],
    ['/v1/users/'],
    ['/v1/storage/files'],
    ['/v1/calls/history'],
  ])('to %s is passed on', async (path) => {
    expect(await (await front.ask(path)).text()).toBe('normal');
  });

  it.each([['/v1/authors'], ['/v1'], ['/v2/auth'], ['/V1/auth'], ['/v1/keyrings/x']])(
    'to %s is not',
    async (path) => {
      const reply = await front.ask(path);
      expect(reply.status).toBe(404);
      expect(await reply.json()).toMatchObject({ success: false, error: { code: 'NOT_FOUND' } });
    },
  );

  it('keeps its meaning when it names the gateway in its target', async () => {
    front.handle = (request, reply) => reply.end(request.url);
    const request = httpRequest({
      port: front.gateway.port,
      path: `http://elsewhere.example/v1/auth/x?y=/..`,
      headers: front.from,
    }).end();
    const [reply] = (await once(request, 'response')) as [IncomingMessage];
    expect(await textOf(reply)).toBe('/v1/auth/x?y=/..');
  });

  it('loses the headers of its connection and those that only the gateway may set', async () => {
    let seen: IncomingMessage | undefined;
    front.handle = (request, reply) => {
      seen = request;
      reply.setHeader('Connection', 'keep-alive, X-Hop');
      reply.setHeader('X-Hop', 'secret');
      reply.setHeader('Keep-Alive', 'timeout=5');
      reply.setHeader('X-RateLimit-Limit', 'of the service');
      reply.setHeader('Proxy-Authenticate', 'Basic');
      reply.end();
    };
    const sent = {
      Connection: 'keep-alive, X-Private',
      'X-Private': '1',
      TE: 'trailers',
      'Proxy-Authorization': 'Basic eA==',
      Forwarded: 'for=1.2.3.4',
      'X-Forwarded-For': '198.51.100.7, 203.0.113.200',
      'X-Forwarded-Server': 'evil',
      'X-Real-Ip': '1.2.3.4',
      'X-Client-Ip': '1.2.3.4',
      'X-Original-Url': '/v1/admin',
      'X-Request-Id': 'my-own-id',
      'X-Kept': 'yes',
      Expect: '100-continue',
    };
    const request = httpRequest({
      port: front.gateway.port,
      path: '/v1/auth/x',
      headers: sent,
    }).end();
    const [reply] = (await once(request, 'response')) as [IncomingMessage];
    expect(seen?.headers).toEqual({
      'x-kept': 'yes',
      'x-request-id': 'my-own-id',
      // The nearest address that is not a trusted proxy, and nothing of what it claims itself.
      'x-forwarded-for': '203.0.113.200',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': `localhost:${front.gateway.port}`,
      'x-real-ip': '203.0.113.200',
      host: new URL(front.upstream.origin).host,
      connection: 'keep-alive',
    });
    expect(reply.headers).not.toHaveProperty('x-hop');
    expect(reply.headers).not.toHaveProperty('proxy-authenticate');
    expect(reply.headers['keep-alive']).not.toBe('timeout=5');
    expect(reply.headers['x-request-id']).toBe('my-own-id');
    expect(reply.headers['x-ratelimit-limit']).toBe('100');
  });

  it.each([
    ['HEAD', 200],
    ['DELETE', 204],
    ['GET', 304],
  ])('%s may have a reply without a body: %i', async (method, status) => {
    front.handle = (_request, reply) => reply.writeHead(status, { 'X-Own': 'yes' }).end();
    const reply = await front.ask('/v1/auth/x', { method });
    expect([reply.status, reply.headers.get('x-own'), await reply.text()]).toEqual([
      status,
      'yes',
      '',
    ]);
  });
});
