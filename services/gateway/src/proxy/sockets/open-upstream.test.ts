import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import * as tls from 'node:tls';
import { certificatesSkipReason, makeCertificates } from '@secureconnect/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openUpstream } from './open-upstream.ts';

const timeouts = { connectMs: 2000, headersMs: 2000, idleMs: 2000 };
const switching =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-Own: yes\r\n\r\n';
const frame = '\x81\x02hi';

let instance: Server;
let client: PassThrough;
/** What the instance has read, and its connection. */
let asked = '';
let connection: Socket;
/** Sent in these pieces, each in a write of its own. */
let reply: readonly string[] = [];
let isEnded = false;

async function serve(socket: Socket): Promise<void> {
  connection = socket.setNoDelay(true);
  asked = '';
  socket.on('error', () => undefined);
  socket.on('data', (data) => (asked += data.toString('latin1')));
  await once(socket, 'data');
  for (const piece of reply) {
    await new Promise<unknown>((resolve) => socket.write(piece, 'latin1', resolve));
  }
  if (isEnded) socket.end();
}

beforeAll(async () => {
  instance = createServer((socket) => void serve(socket));
  instance.listen(0, '127.0.0.1');
  await once(instance, 'listening');
});
afterAll(() => {
  instance.close();
});
beforeEach(() => {
  client = new PassThrough();
  isEnded = false;
});

function open(origin = `http://127.0.0.1:${(instance.address() as AddressInfo).port}`) {
  const headers = ['Host', 'x', 'Connection', 'Upgrade', 'Upgrade', 'websocket'];
  const url = new URL(origin);
  return openUpstream({ url, lookup: undefined, path: '/a?b', headers, timeouts, client });
}

/** The bytes of an opened socket until there are as many. */
async function received(socket: Socket, first: Buffer, length: number): Promise<string> {
  let bytes = first.toString('latin1');
  socket.on('data', (data) => (bytes += data.toString('latin1'))).resume();
  while (bytes.length < length) await once(socket, 'data');
  return bytes;
}

describe('a socket to an instance', () => {
  it.each([
    ['at once', [`${switching}${frame}`]],
    ['in two pieces', [switching.slice(0, 40), `${switching.slice(40)}${frame}`]],
    ['byte by byte', [...switching, ...frame]],
    ['after an interim reply', [`HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${switching}`, frame]],
    ['with an empty header', [switching.replace('X-Own', 'X-None:\r\nX-Own'), frame]],
  ])('opens when its 101 arrives %s', async (_how, pieces) => {
    reply = pieces;
    const { status, rawHeaders, opened } = await open();
    expect(status).toBe(101);
    expect(rawHeaders.slice(0, 4)).toEqual(['Upgrade', 'websocket', 'Connection', 'Upgrade']);
    expect(rawHeaders.slice(-2)).toEqual(['X-Own', 'yes']);
    if (opened instanceof IncomingMessage) throw new Error('it was refused');
    expect(await received(opened.socket, opened.first, frame.length)).toBe(frame);
    opened.socket.write('a frame');
    while (!asked.endsWith('a frame')) await once(connection, 'data');
    expect(asked).toBe(
      'GET /a?b HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\na frame',
    );
    expect(client.listenerCount('close')).toBe(new PassThrough().listenerCount('close'));
    opened.socket.destroy();
  });

  it.each([
    ['with a length', ['HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\n', 'body']],
    ['in pieces', [...'HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nbody']],
    [
      'in chunks',
      [
        'HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n',
      ],
    ],
  ])('is refused by a reply %s', async (_how, pieces) => {
    reply = pieces;
    const { status, opened } = await open();
    expect(status).toBe(403);
    expect(opened).toBeInstanceOf(IncomingMessage);
    if (opened instanceof IncomingMessage) expect(await text(opened)).toBe('body');
    // Nothing was sent but the upgrade.
    expect(asked.match(/GET /g)).toHaveLength(1);
  });

  it('is refused by a reply that ends with its connection', async () => {
    [reply, isEnded] = [['HTTP/1.1 403 Forbidden\r\n\r\n', 'body'], true];
    const { opened } = await open();
    expect(opened).toBeInstanceOf(IncomingMessage);
    if (opened instanceof IncomingMessage) expect(await text(opened)).toBe('body');
  });

  it.each([
    ['that is no HTTP', ['SSH-2.0-x\r\n\r\n'], 'HPE_INVALID_CONSTANT'],
    ['with a folded header', [switching.replace('yes', 'yes\r\n no')], expect.any(String)],
    ['with a line feed alone', [switching.replace('yes', 'yes\nno')], 'HPE_CR_EXPECTED'],
    ['of more than 16 KiB', [switching.replace('yes', 'x'.repeat(17_000))], 'HPE_HEADER_OVERFLOW'],
  ])('fails on a reply %s', async (_what, pieces, code) => {
    reply = pieces;
    await expect(open()).rejects.toMatchObject({ code });
  });

  it.each([
    ['nothing', []],
    ['a part of the head', [switching.slice(0, 40)]],
  ])('fails when the instance ends after %s', async (_what, pieces) => {
    [reply, isEnded] = [pieces, true];
    await expect(open()).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('is given up when the client leaves', async () => {
    reply = [];
    const opening = open();
    await once(instance, 'connection');
    client.destroy();
    await expect(opening).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it(`is encrypted if its origin is${certificatesSkipReason}`, async ({ skip }) => {
    if (certificatesSkipReason !== '') skip();
    await using certificates = await makeCertificates();
    const [ca, cert, key] = await Promise.all(
      [certificates.ca, certificates.server.cert, certificates.server.key].map((path) =>
        readFile(path, 'utf8'),
      ),
    );
    reply = [`${switching}${frame}`];
    const server = tls.createServer({ cert, key }, (socket) => void serve(socket));
    await using _closed = { [Symbol.asyncDispose]: async () => void server.close() };
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(open(`https://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
    const before = tls.getCACertificates();
    tls.setDefaultCACertificates([...before, ca ?? '']);
    try {
      const { status, opened } = await open(`https://localhost:${port}`);
      expect(status).toBe(101);
      if (!(opened instanceof IncomingMessage)) opened.socket.destroy();
    } finally {
      tls.setDefaultCACertificates(before);
    }
  });
});
