import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endSlowSenders } from '../src/signals/slow-senders.ts';
import { startGateway } from './harness.ts';

let server: Server;
beforeAll(async () => {
  const limits = { headersTimeout: 200, requestTimeout: 200, connectionsCheckingInterval: 20 };
  server = createServer(limits, (request, reply) => {
    request.resume().on('end', () => reply.end('taken'));
  });
  endSlowSenders(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

/** All that a server says to these bytes until it ends the connection. */
async function answerTo(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

const portOf = () => (server.address() as AddressInfo).port;

it.each([
  ['nothing', ''],
  ['half of the headers', 'POST /api/v1/signals/prometheus HTTP/1.1\r\nHost: a\r\n'],
  ['half of a body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf'],
])('a client that sends %s in time gets no reply, and no 4xx', async (_, bytes) => {
  expect(await answerTo(portOf(), bytes)).toBe('');
});

it('anything but HTTP is answered as before', async () => {
  expect(await answerTo(portOf(), 'no HTTP\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  const long = `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`;
  expect(await answerTo(portOf(), long)).toMatch(/^HTTP\/1\.1 431 /);
});

it('a gateway does so', { timeout: 40_000 }, async () => {
  await using gateway = await startGateway();
  expect(await answerTo(gateway.port, 'POST / HTTP/1.1\r\n')).toBe('');
});
