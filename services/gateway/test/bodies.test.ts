import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { eventually } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { textOf, useFront } from './front.ts';

const front = useFront();

describe('a body', () => {
  it('is passed on while it is sent, and the reply while it arrives', async () => {
    const steps: string[] = [];
    front.handle = async (request, reply) => {
      reply.writeHead(200).flushHeaders();
      for await (const chunk of request) {
        steps.push(`service got ${chunk}`);
        reply.write(`echo ${chunk}`);
      }
      reply.end('end');
    };
    const request = httpRequest({
      port: front.gateway.port,
      path: '/v1/auth/x',
      method: 'POST',
      headers: front.from,
    });
    request.write('one');
    const [reply] = (await once(request, 'response')) as [IncomingMessage];
    expect(String((await once(reply, 'data'))[0])).toBe('echo one');
    request.write('two');
    expect(String((await once(reply, 'data'))[0])).toBe('echo two');
    request.end();
    expect(String((await once(reply, 'data'))[0])).toBe('end');
    expect(steps).toEqual(['service got one', 'service got two']);
  });

  it.each([
    ['announced', 'Content-Length: 5\r\n\r\nhello'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'],
  ])('that has arrived with its request is passed on whole, %s', async (_how, body) => {
    front.handle = async (request, reply) => {
      const text = await textOf(request);
      reply.end(`${request.headers['content-length']} ${text}`);
    };
    const client = connect(front.gateway.port, '127.0.0.1');
    const from = `X-Forwarded-For: ${front.from['x-forwarded-for']}`;
    // Twice over one connection: nothing of the first body is left in it.
    for (let time = 0; time < 2; time += 1) {
      client.write(`POST /v1/auth/x HTTP/1.1\r\nHost: x\r\n${from}\r\n${body}`);
      const [reply] = await once(client, 'data');
      expect(String(reply)).toMatch(/^HTTP\/1\.1 200 [\s\S]*5 hello/);
    }
    client.destroy();
  });

  it.each([['announced'], ['in chunks']])('of 50 MB goes up and down whole, %s', async (how) => {
    const file = randomBytes(50 * 1024 * 1024);
    front.handle = (request, reply) => {
      if (request.headers['content-length'] !== undefined) {
        reply.setHeader('Content-Length', request.headers['content-length']);
      }
      request.pipe(reply);
    };
    const body = how === 'announced' ? file : new Blob([file]).stream();
    const reply = await front.ask('/v1/storage/x', {
      method: 'PUT',
      body,
      duplex: 'half',
    } as RequestInit);
    const hash = createHash('sha256')
      .update(Buffer.from(await reply.arrayBuffer()))
      .digest('hex');
    expect(hash).toBe(createHash('sha256').update(file).digest('hex'));
    expect(reply.headers.get('content-length')).toBe(
      how === 'announced' ? String(file.length) : null,
    );
  });

  it('is not read faster than the client reads it', async () => {
    const chunk = Buffer.alloc(64 * 1024);
    let sent = 0;
    front.handle = (_request, reply) => {
      const more = (): void => {
        while (sent < 1000 && reply.write(chunk)) sent += 1;
      };
      reply.on('drain', more);
      more();
    };
    const client = connect(front.gateway.port, '127.0.0.1');
    client.write('GET /v1/auth/big HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.222\r\n\r\n');
    await once(client, 'readable');
    client.pause();
    let before = -1;
    // Stands still once every buffer on the way is full.
    await eventually(
      () => {
        const stands = sent === before;
        before = sent;
        expect(stands).toBe(true);
      },
      { intervalMs: 300, timeoutMs: 15_000 },
    );
    expect(sent).toBeLessThan(900);
    client.destroy();
  });

  it('with too large a Content-Length is refused at once', async () => {
    const reply = await front.ask('/v1/auth/x', {
      method: 'POST',
      body: 'x'.repeat(256 * 1024 + 1),
    });
    expect(reply.status).toBe(413);
    expect(await reply.json()).toMatchObject({ error: { code: 'PAYLOAD_TOO_LARGE' } });
    expect(
      (await front.ask('/v1/auth/x', { method: 'POST', body: 'x'.repeat(256 * 1024) })).status,
    ).toBe(200);
  });

  it('that turns out too large is refused then', async () => {
    let received = 0;
    front.handle = (request) =>
      request.on('data', (data) => (received += data.length)).on('error', () => {});
    const body = new Blob(['x'.repeat(300 * 1024)]).stream();
    const reply = await front.ask('/v1/auth/x', {
      method: 'POST',
      body,
      duplex: 'half',
    } as RequestInit);
    expect(reply.status).toBe(413);
    expect(received).toBeLessThanOrEqual(256 * 1024);
  });

  it('that the service does not read does not spoil the connection', async () => {
    front.handle = (_request, reply) => reply.writeHead(403).end('no');
    for (let n = 0; n < 10; n += 1) {
      const reply = await front.ask('/v1/auth/x', { method: 'POST', body: 'x'.repeat(200_000) });
      expect([reply.status, await reply.text()]).toEqual([403, 'no']);
    }
  });

  it('may take longer to send than a reply may take to arrive', async () => {
    front.handle = async (request, reply) => reply.end(await textOf(request));
    const request = httpRequest({
      port: front.gateway.port,
      path: '/v1/auth/x',
      method: 'POST',
      headers: front.from,
    });
    const answered = once(request, 'response');
    for (let n = 0; n < 4; n += 1) {
      request.write('slow ');
      // The pace of the client, not a wait for anything.
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
    request.end();
    const [reply] = (await answered) as [IncomingMessage];
    expect([reply.statusCode, await textOf(reply)]).toEqual([200, 'slow slow slow slow ']);
  });
});
