import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { eventually, freePort } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { rendezvousRank } from '../src/proxy/upstreams/rendezvous-hash.ts';
import { type EchoService, echoService } from './echo-service.ts';
import { bearer, startGateway, startUpstream, type TestGateway } from './harness.ts';

const stack = new AsyncDisposableStack();
const timeouts = { connectMs: 300, headersMs: 1000, idleMs: 1000 };

let gateway: TestGateway;
let one: EchoService;
let other: EchoService;

beforeAll(async () => {
  one = stack.use(await echoService('one'));
  other = stack.use(await echoService('other'));
  const dead = `http://127.0.0.1:${await freePort()}`;
  const environment = {
    CHAT_URL: `${one.origin},${other.origin},${dead}`,
    VIDEO_URL: dead,
    GATEWAY_TRUSTED_PROXIES: 'loopback',
  };
  gateway = stack.use(await startGateway({ environment, overrides: { timeouts } }));
});
afterAll(() => stack.disposeAsync());

interface Opened {
  readonly socket: WebSocket;
  readonly first: string;
  readonly headers: IncomingMessage['headers'];
}

async function open(query: string, headers: Record<string, string> = {}): Promise<Opened> {
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/v1/ws/chat?${query}`, {
    headers,
    perMessageDeflate: false,
  });
  const upgraded = once(socket, 'upgrade') as Promise<[IncomingMessage]>;
  const first = once(socket, 'message');
  const [{ headers: replyHeaders }] = await upgraded;
  return { socket, first: String((await first)[0]), headers: replyHeaders };
}

/** The reply to an upgrade that is refused. */
async function refused(path: string, headers: Record<string, string> = {}) {
  const upgrade = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  const request = httpRequest({ port: gateway.port, path, headers: { ...upgrade, ...headers } });
  request.end();
  const [reply] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of reply) text += chunk;
  return { status: reply.statusCode, headers: reply.headers, text };
}

const room = () => crypto.randomUUID();

describe('a WebSocket', () => {
  it('goes through both ways, texts and binary, small and large', async () => {
    const { socket } = await open(`conversation_id=${room()}`);
    const large = Buffer.alloc(3 * 1024 * 1024, 'x');
    for (const message of ['hello', Buffer.from([0, 255, 1]), large]) {
      socket.send(message);
      const [data] = (await once(socket, 'message')) as [Buffer];
      expect(data.equals(Buffer.from(message))).toBe(true);
    }
    socket.close();
    await once(socket, 'close');
  });

  it('carries what the client sent before it had an answer', async () => {
    const client = connect(gateway.port, '127.0.0.1');
    const frame = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]);
    client.write(
      `GET /v1/ws/chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    client.write(frame);
    let received = '';
    client.on('data', (data) => (received += data.toString('latin1')));
    await eventually(() => expect(received).toMatch(/hello from (one|other).*hi$/s));
    client.destroy();
  });

  it('passes the client’s address to the service and the gateway’s headers to the client', async () => {
    const from = { 'x-forwarded-for': '203.0.113.50', forwarded: 'for=9.9.9.9' };
    const id = room();
    const { socket, headers, first } = await open(`conversation_id=${id}&access_token=x`, from);
    const seen = (first.endsWith('one') ? one : other).upgrades.at(-1);
    expect(seen?.url).toBe(`/v1/ws/chat?conversation_id=${id}&access_token=x`);
    expect(seen?.headers['x-forwarded-for']).toBe('203.0.113.50');
    expect(seen?.headers['x-real-ip']).toBe('203.0.113.50');
    expect(seen?.headers).not.toHaveProperty('forwarded');
    expect(headers['x-ratelimit-limit']).toBe('100');
    expect(headers['x-degraded']).toBe('fan-out=local');
    expect(headers['x-own']).toBe('yes');
    expect(headers['x-request-id']).toBe(seen?.headers['x-request-id']);
    socket.terminate();
  });

  it('closes with the code of the service', async () => {
    const { socket } = await open('');
    socket.send('close me');
    const [code, reason] = await once(socket, 'close');
    expect([code, String(reason)]).toEqual([4001, 'as asked']);
  });

  it('is cut for the client when the service cuts it', async () => {
    const { socket } = await open('');
    socket.send('break');
    expect((await once(socket, 'close'))[0]).toBe(1006);
  });

  it('is cut for the service when the client is gone', async () => {
    const { socket, first } = await open(`conversation_id=${room()}`);
    const service = first.endsWith('one') ? one : other;
    const opened = service.open.size;
    socket.terminate();
    await eventually(() => expect(service.open.size).toBe(opened - 1));
  });
});

describe('the instance of a room', () => {
  it('is the same for everyone, and rooms are spread', async () => {
    const rooms = Array.from({ length: 12 }, room);
    const firsts: string[] = [];
    for (const id of rooms) {
      const opened = await Promise.all([
        open(`conversation_id=${id}`, bearer(gateway.token())),
        open(`conversation_id=${id.toUpperCase()}&x=1`, bearer(gateway.token())),
      ]);
      expect(opened[0].first).toBe(opened[1].first);
      firsts.push(opened[0].first);
      for (const { socket } of opened) socket.terminate();
    }
    // One of three instances is dead: its rooms are served by their second best.
    const live = [one.origin, other.origin];
    const best = rooms.map((id) => rendezvousRank(id, live, (origin) => origin)[0]);
    expect(firsts).toEqual(
      best.map((origin) => `hello from ${origin === one.origin ? 'one' : 'other'}`),
    );
    expect(new Set(firsts).size).toBe(2);
  });

  it('is that of the user if no room is named', async () => {
    const token = gateway.token();
    const opened = [
      await open('', bearer(token)),
      await open(`access_token=${gateway.token(token.userId).token}`),
    ];
    expect(opened[0]?.first).toBe(opened[1]?.first);
    for (const { socket } of opened) socket.terminate();
  });
});

describe('an upgrade that is refused', () => {
  it('by the service gets the reply of the service', async () => {
    const reply = await refused('/v1/ws/chat?mode=refuse');
    expect(reply.status).toBe(403);
    expect(reply.text).toBe('{"success":false}');
    expect(reply.headers).toMatchObject({ 'x-own': 'yes', 'x-ratelimit-limit': '100' });
  });

  it('because no instance can be reached gets 503, also when that is known', async () => {
    for (let time = 1; time <= 2; time += 1) {
      const reply = await refused('/v1/ws/signaling?call_id=x');
      expect([reply.status, reply.headers['retry-after']]).toEqual([503, '2']);
      expect(JSON.parse(reply.text)).toMatchObject({ error: { code: 'SERVICE_UNAVAILABLE' } });
    }
  });

  it('because the service resets it gets 502, because it is silent 504', async () => {
    expect((await refused('/v1/ws/chat?mode=reset')).status).toBe(502);
    expect((await refused('/v1/ws/chat?mode=silent')).status).toBe(504);
  });

  it('because its token was revoked gets 401', async () => {
    const token = gateway.token();
    await gateway.revokeAtOnce(token.tokenId);
    expect((await refused('/v1/ws/chat', bearer(token))).status).toBe(401);
    expect((await refused(`/v1/ws/chat?access_token=${token.token}`)).status).toBe(401);
  });

  it('because there were too many gets 429', async () => {
    const from = { 'x-forwarded-for': '203.0.113.60' };
    for (let n = 0; n < 100; n += 1) await refused('/v1/ws/chat?mode=refuse', from);
    const reply = await refused('/v1/ws/chat?mode=refuse', from);
    expect(reply.status).toBe(429);
    expect(JSON.parse(reply.text)).toMatchObject({ error: { code: 'RATE_LIMITED' } });
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('to a path without sockets is a request like any other, and has its limit', async () => {
    const { status, headers } = await refused('/v1/nowhere');
    expect([status, headers['x-ratelimit-limit']]).toEqual([404, '100']);
  });
});

describe('stopping the gateway', () => {
  it('ends the sockets and lets requests finish', async () => {
    await using slow = await startUpstream((_request, reply) => {
      reply.write('first half, ');
      setTimeout(() => reply.end('second half'), 500);
    });
    const environment = { CHAT_URL: one.origin, AUTH_URL: slow.origin };
    await using stopped = await startGateway({ environment });
    const socket = new WebSocket(`ws://127.0.0.1:${stopped.port}/v1/ws/chat`);
    await once(socket, 'message');
    const reply = await fetch(`${stopped.url}/v1/auth/x`);
    const startedAt = performance.now();
    const closed = once(socket, 'close');
    const stopping = stopped.close();
    await closed;
    expect(await reply.text()).toBe('first half, second half');
    await stopping;
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});
