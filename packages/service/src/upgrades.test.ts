import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from '../test/raw-http.ts';
import { type SmallService, startSmallService } from '../test/small-service.ts';

let small: SmallService;
beforeAll(async () => {
  small = await startSmallService();
});
afterAll(() => small[Symbol.asyncDispose]());

const upgrade = (target: string, protocol = 'websocket', more = '') =>
  `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n` +
  `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${more}\r\n`;
const good = 'access_token=a-good-token&q=1';

describe('an upgrade', () => {
  it('reaches its row when everything about it is right', async () => {
    const reply = await sendRaw(small.port, upgrade(`/v1/ws?${good}`));
    expect(reply.status).toBe(101);
    expect(small.context.upgrades).toBe(1);
  });

  it.each([
    ['/v1/ws?q=1', 401, 'UNAUTHORIZED'],
    ['/v1/ws?q=1&access_token=wrong', 401, 'UNAUTHORIZED'],
    ['/v1/ws?access_token=a-good-token', 400, 'VALIDATION_ERROR'],
    [`/v1/ws?${good}&q=2`, 400, 'VALIDATION_ERROR'],
    [`/v1/ws?${good}&limit=x`, 400, 'VALIDATION_ERROR'],
    ['/v1/unknown', 404, 'NOT_FOUND'],
    ['/v1/plain', 404, 'NOT_FOUND'],
    ['//', 404, 'NOT_FOUND'],
    ['//[', 404, 'NOT_FOUND'],
    ['/%zz', 404, 'NOT_FOUND'],
    ['http://[bad/v1/ws', 404, 'NOT_FOUND'],
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

  it('is ended by the server when the client keeps its side open', async () => {
    const socket = connect({ port: small.port, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    socket.write(upgrade('/v1/unknown'));
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
      const offer = upgrade('/v1/plain', protocol).replace('Upgrade\r\n', 'Upgrade, close\r\n');
      const reply = await sendRaw(small.port, offer);
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
