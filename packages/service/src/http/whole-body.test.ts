import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from './api-error.ts';
import { wholeBody } from './whole-body.ts';

const limitBytes = 10;
const timeoutMs = 100;
let server: Server;
/** What became of the body of the newest request. */
let read: Promise<string>;

beforeAll(async () => {
  const outcomeOf = async (request: IncomingMessage): Promise<string> => {
    try {
      return String(await wholeBody(request, limitBytes, timeoutMs));
    } catch (error) {
      return error instanceof ApiError ? `${error.code}: ${error.message}` : 'another error';
    }
  };
  server = createServer((request, reply) => {
    read = outcomeOf(request);
    void read.then((text) => reply.setHeader('Connection', 'close').end(text));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

/** Sends the beginning of a request, and gives the socket. */
async function begin(head: string) {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('utf8');
  const requested = once(server, 'request');
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${head}`);
  await requested;
  return socket;
}

describe('a body that is read completely', () => {
  it.each([
    ['none at all', '\r\n', ''],
    ['with its length', 'Content-Length: 3\r\n\r\nabc', 'abc'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n', 'abc'],
  ])('may be one that is sent %s', async (_how, head, text) => {
    await begin(head);
    expect(await read).toBe(text);
  });

  it.each([
    ['announced', 'Content-Length: 11\r\n\r\n'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n'],
  ])('is refused if it is too large, %s', async (_how, head) => {
    await begin(head);
    expect(await read).toBe('PAYLOAD_TOO_LARGE: The body is too large; the maximum is 10 bytes.');
  });

  it('is not awaited for longer than the limit, whatever arrives later', async () => {
    const socket = await begin('Content-Length: 3\r\n\r\na');
    expect(await read).toBe('VALIDATION_ERROR: The body did not arrive in time; send it again.');
    let reply = '';
    for await (const chunk of socket) reply += chunk;
    expect(reply).toContain('did not arrive in time');
  });

  it('is refused if it breaks off', async () => {
    const socket = await begin('Content-Length: 3\r\n\r\na');
    socket.resetAndDestroy();
    expect(await read).toBe('VALIDATION_ERROR: The body is incomplete; send it again.');
  });
});
