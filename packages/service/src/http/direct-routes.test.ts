import { IncomingMessage } from 'node:http';
import type { Endpoint } from '@secureconnect/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from '../../test/raw-http.ts';
import { declare, type SmallService, startSmallService } from '../../test/small-service.ts';
import { passed, type Route, replied } from '../index.ts';

/** Whether the last request went through the router, which gives requests a prototype of its own. */
let wasRouted = false;
/** The relays and routes that saw the last request. */
let seen: string[] = [];
let small: SmallService;

const note = (name: string, incoming: IncomingMessage): void => {
  wasRouted = Object.getPrototypeOf(incoming) !== IncomingMessage.prototype;
  seen.push(name);
};

const relay = (path: string) =>
  declare.relay(path, { action: 'relay' }, {}, async ({ incoming, outgoing }) => {
    note(path, incoming);
    if (incoming.headers['x-taken'] === undefined) return passed;
    outgoing.end('taken');
    return replied;
  });

const own = (route: Endpoint['route']) => {
  const [method = '', path = ''] = route.split(' ');
  const parts = { kind: 'http', route, method, path, id: route, action: 'seeing', tag: 'Small' };
  const endpoint = { ...parts, summary: 'See', auth: 'none', errors: [] } as unknown as Endpoint;
  return declare.route(endpoint, {}, async ({ incoming, query, outgoing }) => {
    note(route, incoming);
    outgoing.end(JSON.stringify({ query }));
    return replied;
  }) as unknown as Route<SmallService['context']>;
};

beforeAll(async () => {
  const routes = [
    relay('/v1/other.x{/*rest}'),
    own('GET /v1/things/:id'),
    own('GET /v1/things/one'),
    relay('/v1/notes{/*rest}'),
    own('GET /v1/notes'),
    own('POST /v1/notes'),
    relay('/{*rest}'),
    own('GET /v1/last'),
  ];
  small = await startSmallService({ routes });
});
afterAll(() => small[Symbol.asyncDispose]());

async function ask(line: string, headers = '') {
  seen = [];
  const head = `${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`;
  return sendRaw(small.port, head);
}

describe('a route', () => {
  it.each([
    ['GET /v1/notes', ['/v1/notes{/*rest}', 'GET /v1/notes']],
    ['GET /v1/notes?a=%20b&c', ['/v1/notes{/*rest}', 'GET /v1/notes']],
    ['POST /v1/notes', ['/v1/notes{/*rest}', 'POST /v1/notes']],
    ['GET /v1/last', ['/{*rest}', 'GET /v1/last']],
  ])('is served without the router, after the relays before it: %s', async (line, names) => {
    const reply = await ask(line, 'X-Request-Id: an-id\r\n');
    expect([reply.status, wasRouted, seen]).toEqual([200, false, names]);
    for (const header of ['X-Request-Id: an-id', 'Cache-Control: no-store']) {
      expect(reply.head).toContain(header);
    }
    const lines = small.logLines.map((logged) => JSON.parse(logged));
    const route = line.split(/[ ?]/)[1];
    expect(lines.at(-1)).toMatchObject({ msg: 'request', route, status: 200 });
  });

  it('has the same query with and without the router', async () => {
    const query = 'a=%20b&c&a=2&d=%zz';
    const direct = await ask(`GET /v1/notes?${query}`);
    const routed = await ask(`GET /v1/notes/?${query}`);
    expect(wasRouted).toBe(true);
    expect(JSON.parse(direct.body)).toEqual(JSON.parse(routed.body));
  });

  it.each([
    ['HEAD /v1/notes', 200],
    ['GET /v1/notes/', 200],
    ['GET /v1/%6eotes', 404],
    ['GET http://x/v1/notes', 200],
    ['GET /v1/notes#x', 200],
    ['GET /v1/Notes', 404],
    ['DELETE /v1/notes', 405],
  ])('is left to the router in any other spelling: %s', async (line, status) => {
    expect((await ask(line)).status).toBe(status);
    expect(wasRouted).toBe(true);
  });

  it('does not precede one with parameters that was declared before it', async () => {
    await ask('GET /v1/things/one');
    expect(seen).toEqual(['GET /v1/things/:id']);
  });

  it('is not reached if a relay before it answers', async () => {
    const reply = await ask('GET /v1/notes', 'X-Taken: 1\r\n');
    expect([reply.body, seen]).toEqual(['taken', ['/v1/notes{/*rest}']]);
  });
});
