import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { LiveTable } from '@secureconnect/contracts';
import { eventually } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { metric } from './deliver.ts';
import { textOf, useFront } from './front.ts';
import { startUpstream } from './harness.ts';

const front = useFront();

describe('when a service fails', () => {
  const isDegraded = (service: string) =>
    metric(
      front.gateway,
      `dependency_degraded_mode{service="api-gateway",dependency="${service}"}`,
    );
  const post = () => front.ask('/v1/messages', { method: 'POST', body: '{}' });

  it('and nobody listens, the reply is 503 until somebody does', async () => {
    const before = await isDegraded('chat');
    // The first request finds it out, the next ones are refused by their row.
    for (let time = 1; time <= 3; time += 1) {
      const reply = await post();
      expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '2']);
      expect(await reply.json()).toMatchObject({
        success: false,
        error: {
          code: 'SERVICE_UNAVAILABLE',
          message: 'The chat service cannot be reached; try again.',
        },
        meta: { request_id: expect.any(String) },
      });
    }
    expect([before, await isDegraded('chat'), await isDegraded('video')]).toEqual([0, 1, 0]);
    const { data } = (await (await front.ask('/v1/degraded')).json()) as { data: LiveTable };
    const rows = new Map(data.rows.map(({ route, mode }) => [route, mode]));
    expect(rows.get('ANY /v1/messages{/*rest}')).toBe('fail_closed');
    expect(rows.get('ANY /v1/auth{/*rest}')).toBe('normal');

    await using _chat = await startUpstream((_request, reply) => reply.end('chat'), front.deadPort);
    await eventually(async () => expect(await isDegraded('chat')).toBe(0));
    expect(await (await post()).text()).toBe('chat');
  });

  it('of two instances, the other one is used, and nothing is degraded', async () => {
    for (let time = 1; time <= 6; time += 1) {
      expect((await front.ask('/v1/calls/x')).status).toBe(200);
    }
    expect(await isDegraded('video')).toBe(0);
  });

  it('in a drill, its routes are refused although it is there, and no others', async () => {
    const { database } = front.gateway;
    await database.execute(
      `INSERT INTO auth.drills (drill_id, services, dependency, ends_at)
       VALUES ($1, '{gateway}', 'storage', now() + interval '1 hour')`,
      [randomUUID()],
    );
    await eventually(async () => expect(await isDegraded('storage')).toBe(1));
    const { status, headers } = await front.ask('/v1/storage/quota');
    expect([status, headers.get('retry-after')]).toEqual([503, '2']);
    expect((await front.ask('/v1/auth/x')).status).toBe(200);
    await database.execute('UPDATE auth.drills SET ended_at = now()');
    await eventually(async () => expect(await isDegraded('storage')).toBe(0));
    expect((await front.ask('/v1/storage/quota')).status).toBe(200);
  });

  it('and resets the connection, the reply is 502 and nothing is sent twice', async () => {
    let calls = 0;
    front.handle = (request) => {
      calls += 1;
      request.socket.resetAndDestroy();
    };
    for (const method of ['POST', 'GET']) {
      expect((await front.ask('/v1/auth/x', { method })).status).toBe(502);
    }
    expect(calls).toBe(2);
  });

  it('and does not answer, the reply is 504 after the time limit', async () => {
    front.handle = () => {};
    const startedAt = performance.now();
    const reply = await front.ask('/v1/auth/x');
    expect(performance.now() - startedAt).toBeGreaterThan(900);
    expect(reply.status).toBe(504);
    expect(await reply.json()).toMatchObject({ error: { code: 'GATEWAY_TIMEOUT' } });
  });

  it('and does not speak HTTP, the reply is 502', async () => {
    front.handle = (request) => request.socket.end('what?\r\n\r\n');
    expect((await front.ask('/v1/auth/x')).status).toBe(502);
  });

  it('half-way through its reply, the client does not take it as complete', async () => {
    front.handle = (request, reply) => {
      reply.write('half');
      setImmediate(() => request.socket.destroy());
    };
    const reply = await front.ask('/v1/auth/x');
    expect(reply.status).toBe(200);
    await expect(reply.text()).rejects.toThrow();
  });

  it('and falls silent half-way, likewise', async () => {
    front.handle = (_request, reply) => reply.write('half');
    await expect((await front.ask('/v1/auth/x')).text()).rejects.toThrow();
  });

  it('before it was reached, the request is sent to a different instance, with its whole body', async () => {
    const asked: string[] = [];
    front.handle = async (request, reply) => {
      asked.push(`${request.method} ${await textOf(request)}`);
      reply.end('normal');
    };
    const body = '{"call_type":"video"}';
    // By turns both instances come first, also the dead one; a moment later it is avoided.
    for (const method of ['POST', 'POST', 'GET', 'POST', 'GET']) {
      const init = method === 'POST' ? { method, body } : { method };
      expect((await front.ask('/v1/calls/x', init)).status).toBe(200);
    }
    expect(asked).toEqual([`POST ${body}`, `POST ${body}`, 'GET ', `POST ${body}`, 'GET ']);
  });

  it('after it was reached, nothing is sent twice, although a different instance exists', async () => {
    let calls = 0;
    front.handle = (request) => {
      calls += 1;
      request.socket.resetAndDestroy();
    };
    for (const method of ['POST', 'GET']) {
      expect((await front.ask('/v1/calls/x', { method })).status).toBe(502);
    }
    expect(calls).toBe(2);
  });
});

describe('when the client goes away', () => {
  it('before the reply, the service sees it go', async () => {
    let gone: Promise<unknown> | undefined;
    front.handle = (_request, reply) => {
      gone = once(reply, 'close');
    };
    const abort = new AbortController();
    const asked = front.ask('/v1/auth/x', { signal: abort.signal });
    await eventually(() => expect(gone).toBeDefined());
    abort.abort();
    await expect(asked).rejects.toThrow();
    await gone;
  });

  it('while it sends, the service sees it go', async () => {
    let gone: Promise<unknown> | undefined;
    front.handle = (request) => {
      request.on('error', () => {}).resume();
      gone = new Promise((resolve) => request.once('close', resolve));
    };
    const request = httpRequest({
      port: front.gateway.port,
      path: '/v1/auth/x',
      method: 'POST',
      headers: front.from,
    });
    request.on('error', () => {});
    request.write('half of it');
    await eventually(() => expect(gone).toBeDefined());
    request.destroy();
    await gone;
  });

  it('while it receives, the service sees it go', async () => {
    let gone: Promise<unknown> | undefined;
    front.handle = (_request, reply) => {
      gone = once(reply, 'close');
      reply.write('half');
    };
    const abort = new AbortController();
    const reply = await front.ask('/v1/auth/x', { signal: abort.signal });
    abort.abort();
    await expect(reply.text()).rejects.toThrow();
    await gone;
  });
});
