import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from '../../test/raw-http.ts';
import { type SmallService, startSmallService } from '../../test/small-service.ts';
import { type SocketTickets, unauthorized } from '../index.ts';

const page = 'https://app.example.org';
let small: SmallService;

/** Tickets by name, of which each can be used once. */
const used = new Set(['used']);
const tickets: SocketTickets = {
  verify(ticketId) {
    if (!['first', 'used', 'revoked', 'careful'].includes(ticketId)) throw unauthorized('None.');
    const ids = { userId: 'user', sessionId: 'session', tokenId: ticketId };
    const expiresAtMs = Date.now() + 60_000;
    return {
      ticketId,
      expiresAtMs,
      identity: { ...ids, role: 'user', issuedAtMs: Date.now(), expiresAtMs, degraded: false },
    };
  },
  async use({ ticketId }) {
    if (used.has(ticketId)) return false;
    used.add(ticketId);
    return true;
  },
};

beforeAll(async () => {
  small = await startSmallService({ socketOrigins: [page], socketTickets: tickets });
});
afterAll(() => small[Symbol.asyncDispose]());

const upgrade = (target: string, protocol = 'websocket', more = '', method = 'GET') =>
  `${method} ${target} HTTP/1.1\r\nHost: app.example.com:8080\r\nConnection: Upgrade\r\n` +
  `Upgrade: ${protocol}\r\nSec-WebSocket-Version: 13\r\n` +
  `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${more}\r\n`;
/** The same, on a connection that ends with its reply. */
const offer = (...parts: Parameters<typeof upgrade>) =>
  upgrade(...parts).replace('Connection: Upgrade', 'Connection: Upgrade, close');
const good = 'access_token=a-good-token&q=1';
const token = 'Authorization: Bearer a-good-token\r\n';

describe('an upgrade', () => {
  it('reaches its row when everything about it is right', async () => {
    const before = small.context.upgrades;
    for (const target of [`/v1/ws?${good}`, `http://app.example.com/v1/ws?${good}`]) {
      expect((await sendRaw(small.port, upgrade(target))).status).toBe(101);
    }
    expect(small.context.upgrades).toBe(before + 2);
  });

  it.each([
    ['in a header', 'q=1', token],
    ['as a subprotocol', 'q=1', 'Sec-WebSocket-Protocol: bearer, a-good-token\r\n'],
    ['as one among others', 'q=1', 'Sec-WebSocket-Protocol: x,bearer,a-good-token, y\r\n'],
    ['in the query', good, ''],
    ['as a ticket', 'q=1&ticket=first', ''],
    ['in a header, which comes before all others', 'q=1&ticket=used', token],
  ])('identifies the client %s', async (_how, query, headers) => {
    const reply = await sendRaw(small.port, upgrade(`/v1/ws?${query}`, 'websocket', headers));
    expect(reply.status).toBe(101);
  });

  it.each([
    ['a wrong subprotocol token', 'q=1', 'Sec-WebSocket-Protocol: bearer, wrong\r\n'],
    ['no token after bearer', 'q=1', 'Sec-WebSocket-Protocol: bearer\r\n'],
    ['a token before bearer', 'q=1', 'Sec-WebSocket-Protocol: a-good-token, bearer\r\n'],
    ['a ticket that is none', 'q=1&ticket=none', ''],
    ['a ticket that was used', 'q=1&ticket=used', ''],
    ['a ticket of a session that is over', 'q=1&ticket=revoked', ''],
    ['a ticket for a token', 'q=1', 'Authorization: Bearer first\r\n'],
    ['a token for a ticket', 'q=1&ticket=a-good-token', ''],
    ['a very long token', `q=1&access_token=${'x'.repeat(4097)}`, ''],
  ])('that shows %s gets 401', async (_what, query, headers) => {
    const reply = await sendRaw(small.port, upgrade(`/v1/ws?${query}`, 'websocket', headers));
    expect(reply.status).toBe(401);
  });

  it('uses its ticket up, and no refusal does', async () => {
    for (const query of ['ticket=careful', 'ticket=careful&q=1&limit=x']) {
      expect((await sendRaw(small.port, upgrade(`/v1/ws?${query}`))).status).toBe(400);
    }
    expect((await sendRaw(small.port, upgrade('/v1/ws?q=1&ticket=careful'))).status).toBe(101);
    const again = await sendRaw(small.port, upgrade('/v1/ws?q=1&ticket=careful'));
    expect(JSON.parse(again.body).error).toEqual({
      code: 'UNAUTHORIZED',
      message: 'This ticket was used before. Get another one.',
    });
  });

  it.each([
    ['/v1/ws?q=1', 401, 'UNAUTHORIZED'],
    ['/v1/ws?q=1&access_token=wrong', 401, 'UNAUTHORIZED'],
    ['http://[bad/v1/ws?q=1', 401, 'UNAUTHORIZED'],
    ['/v1/ws?access_token=a-good-token', 400, 'VALIDATION_ERROR'],
    [`/v1/ws?${good}&q=2`, 400, 'VALIDATION_ERROR'],
    [`/v1/ws?${good}&limit=x`, 400, 'VALIDATION_ERROR'],
  ])('to %s is refused by a whole HTTP reply: %i %s', async (target, status, code) => {
    const reply = await sendRaw(small.port, upgrade(target));
    expect(reply.status).toBe(status);
    const body = JSON.parse(reply.body);
    expect([body.success, body.error.code]).toEqual([false, code]);
    expect(reply.head).toContain('Content-Type: application/json; charset=utf-8');
    expect(reply.head).toContain(`Content-Length: ${Buffer.byteLength(reply.body)}`);
    expect(reply.head).toContain(`X-Request-Id: ${body.meta.request_id}`);
    expect(reply.head).toContain('Connection: close');
  });

  it.each([
    ['/v1/unknown', 404],
    ['/v1/plain', 200],
    ['//', 404],
    ['//[', 404],
    ['/%zz', 404],
    // No other path is this one, however it is written.
    [`/v1/x/../ws?${good}`, 404],
    [`/v1//ws?${good}`, 404],
    [`/v1%2Fws?${good}`, 404],
    [`/V1/ws?${good}`, 404],
    [`/v1/ws/../plain?${good}`, 404],
  ])('to %s, where there is no WebSocket, is left alone: %i', async (target, status) => {
    expect((await sendRaw(small.port, offer(target))).status).toBe(status);
  });

  it.each([
    ['POST', 'POST', '', '', 405],
    ['HEAD', 'HEAD', '', '', 400],
    ['PUT', 'PUT', '', '', 405],
    ['OPTIONS', 'OPTIONS', '', '', 405],
    ['GET with a body', 'GET', 'Content-Length: 4\r\n', 'body', 400],
    ['GET with chunks', 'GET', 'Transfer-Encoding: chunked\r\n', '0\r\n\r\n', 400],
    ['two headers Upgrade', 'GET', 'Upgrade: websocket\r\n', '', 400],
    ['two protocols', 'GET', 'Upgrade: h2c\r\n', '', 400],
  ])('by %s opens nothing', async (_how, method, headers, body, status) => {
    const before = small.context.upgrades;
    const sent = offer(`/v1/ws?${good}`, 'websocket', headers, method);
    const reply = await sendRaw(small.port, `${sent}${body}`);
    expect(reply.status).toBe(status);
    if (status === 405) expect(reply.head).toMatch(/^Allow: GET/m);
    expect(small.context.upgrades).toBe(before);
  });

  it('without its offer is told how to open the path', async () => {
    const plain = `GET /v1/ws?${good} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    const reply = await sendRaw(small.port, plain);
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.body).error.message).toContain('Open this path as a WebSocket');
  });

  it.each([
    ['Authorization', token],
    ['Host', 'Host: other.example.com\r\n'],
  ])('with two headers %s is refused', async (name, header) => {
    const twice = name === 'Host' ? header : header + header;
    const reply = await sendRaw(small.port, upgrade('/v1/ws?q=1', 'websocket', twice));
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.body).error.message).toBe(
      `Send the header ${name.toLowerCase()} once.`,
    );
  });

  it('is ended by the server when the client keeps its side open', async () => {
    const socket = connect({ port: small.port, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    socket.write(upgrade('/v1/ws'));
    socket.resume();
    await once(socket, 'end');
    const connections = await new Promise<number>((resolve, reject) => {
      small.service.server.getConnections((error, count) =>
        error ? reject(error) : resolve(count),
      );
    });
    expect(connections).toBe(0);
    socket.destroy();
  });

  it('to another protocol is an offer that is left alone', async () => {
    for (const protocol of ['h2c', 'TLS/1.0', 'websocket2']) {
      const reply = await sendRaw(small.port, offer('/v1/plain', protocol));
      expect(reply.status).toBe(200);
      expect(JSON.parse(reply.body).data).toEqual({ plain: true });
    }
  });

  it('that goes away in the middle is nobody else’s trouble', async () => {
    for (const bytes of [upgrade(`/v1/ws?${good}`), 'GET /v1/ws HTTP/1.1\r\nUpgr']) {
      const socket = connect(small.port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write(bytes);
      socket.resetAndDestroy();
    }
    expect((await sendRaw(small.port, upgrade(`/v1/ws?${good}`))).status).toBe(101);
    expect(small.logLines.join('')).not.toContain('"level":"error"');
  });
});

describe('a web page', () => {
  const from = (origin: string, more = '') =>
    sendRaw(small.port, upgrade(`/v1/ws?${good}`, 'websocket', `Origin: ${origin}\r\n${more}`));

  it.each([
    page,
    // Of the host that is asked, whose TLS may end before this process.
    'http://app.example.com:8080',
    'https://app.example.com:8080',
  ])('of %s may open a socket', async (origin) => {
    expect((await from(origin)).status).toBe(101);
  });

  it.each([
    'https://evil.example',
    'null',
    'https://app.example.com',
    'http://app.example.com:8081',
    'https://app.example.org.evil.example',
    `${page}/`,
    `${page}:444`,
    'http://app.example.org',
    'file://app.example.com:8080',
    'x',
    '',
  ])('of "%s" may not', async (origin) => {
    const before = small.context.upgrades;
    const reply = await from(origin);
    expect([reply.status, JSON.parse(reply.body).error.code]).toEqual([403, 'FORBIDDEN']);
    expect(small.context.upgrades).toBe(before);
  });

  it('is judged before its token, by the host that a trusted proxy was asked for', async () => {
    const wrong = upgrade('/v1/ws?q=1', 'websocket', 'Origin: https://evil.example\r\n');
    expect((await sendRaw(small.port, wrong)).status).toBe(403);
    const forwarded = 'X-Forwarded-Host: chat.example.net\r\nX-Forwarded-For: 198.51.100.1\r\n';
    const own = 'https://chat.example.net';
    expect((await from(own, forwarded)).status).toBe(403);
    await using behind = await startSmallService({ trustedProxies: ['loopback'] });
    const sent = upgrade(`/v1/ws?${good}`, 'websocket', `Origin: ${own}\r\n${forwarded}`);
    expect((await sendRaw(behind.port, sent)).status).toBe(101);
  });
});
