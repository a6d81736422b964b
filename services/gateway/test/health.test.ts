import { openApiDocument } from '@secureconnect/contracts';
import { eventually, freePort } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { startGateway, startUpstream } from './harness.ts';

/** A service that says how it is and what it offers. */
function service(
  name: string,
  readiness: { status: number; redis?: string; redis_reason?: string },
) {
  let asked = 0;
  const operation = { method: 'get', path: `/v1/${name}/x`, operation: `${name}X`, auth: 'none' };
  const info = { title: name, version: '1' };
  const document = openApiDocument({ ...info, operations: [operation as never] });
  const started = startUpstream((request, reply) => {
    reply.setHeader('Content-Type', 'application/json');
    if (request.url === '/openapi.json') {
      asked += 1;
      reply.end(JSON.stringify(document));
      return;
    }
    const { status: code, ...redis } = readiness;
    const status = code === 200 ? 'ready' : 'not_ready';
    reply.writeHead(code).end(JSON.stringify({ status, ...redis }));
  });
  return { started, asked: () => asked };
}

describe('/health', () => {
  it('shows every service with its Redis, and is well while the gateway is', async () => {
    const denied = { redis: 'degraded', redis_reason: 'NOPERM evalsha' };
    await using auth = await service('auth', { status: 200, ...denied }).started;
    await using chat = await service('messages', { status: 503, redis: 'ok' }).started;
    await using storage = await service('storage', { status: 200 }).started;
    const dead = `http://127.0.0.1:${await freePort()}`;
    const environment = {
      AUTH_URL: `${auth.origin},${dead}`,
      CHAT_URL: chat.origin,
      VIDEO_URL: dead,
      STORAGE_URL: storage.origin,
    };
    await using gateway = await startGateway({ environment });
    const reply = await fetch(`${gateway.url}/health`);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({
      status: 'ready',
      service: 'api-gateway',
      revocations: 'ok',
      redis: 'ok',
      remediation_requests: 'ok',
      services: {
        auth: { status: 'ready', ...denied, instances: { ready: 1, of: 2 } },
        chat: { status: 'not_ready', redis: 'ok', instances: { ready: 0, of: 1 } },
        video: { status: 'unreachable', instances: { ready: 0, of: 1 } },
        storage: { status: 'ready', instances: { ready: 1, of: 1 } },
      },
    });
  });

  it('and /ready fail while revocations cannot be told', async () => {
    const snapshot = { stalenessSeconds: () => 61, holds: () => false };
    await using gateway = await startGateway({ overrides: { snapshot: snapshot as never } });
    for (const path of ['/health', '/ready']) {
      const reply = await fetch(`${gateway.url}${path}`);
      expect(reply.status).toBe(503);
      expect(await reply.json()).toMatchObject({ status: 'not_ready', revocations: 'unavailable' });
    }
    expect((await fetch(`${gateway.url}/live`)).status).toBe(200);
  });
});

describe('/openapi.json', () => {
  it('is made of the documents of all services, and kept for a while', async () => {
    const services = ['auth', 'messages', 'calls', 'storage'].map((name) =>
      service(name, { status: 200 }),
    );
    const [auth, chat, video, storage] = await Promise.all(services.map(({ started }) => started));
    if (!auth || !chat || !video || !storage) throw new Error('four services were started');
    await using stack = new AsyncDisposableStack();
    for (const each of [auth, chat, video, storage]) stack.use(each);
    const environment = {
      AUTH_URL: auth.origin,
      CHAT_URL: chat.origin,
      VIDEO_URL: video.origin,
      STORAGE_URL: storage.origin,
    };
    await using gateway = await startGateway({ environment });
    for (let n = 0; n < 2; n += 1) {
      const document = await (await fetch(`${gateway.url}/openapi.json`)).json();
      expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'SecureConnect' } });
      expect(Object.keys((document as { paths: object }).paths)).toEqual(
        expect.arrayContaining(['/v1/auth/x', '/v1/messages/x', '/v1/calls/x', '/v1/storage/x']),
      );
    }
    expect(services.map(({ asked }) => asked())).toEqual([1, 1, 1, 1]);
  });

  it('leaves out what is away, and looks again the next time', async () => {
    const port = await freePort();
    const environment = { AUTH_URL: `http://127.0.0.1:${port}` };
    await using gateway = await startGateway({ environment });
    const paths = async () => {
      const reply = await fetch(`${gateway.url}/openapi.json`);
      expect(reply.status).toBe(200);
      return Object.keys(((await reply.json()) as { paths: object }).paths);
    };
    expect(await paths()).not.toContain('/v1/auth/x');
    await using _auth = await startUpstream((_request, reply) => {
      const operation = {
        method: 'get',
        path: '/v1/auth/x',
        operation: 'x',
        auth: 'none',
      } as const;
      reply.end(
        JSON.stringify(openApiDocument({ title: 'a', version: '1', operations: [operation] })),
      );
    }, port);
    await eventually(async () => expect(await paths()).toContain('/v1/auth/x'));
  });
});

describe('/v1/degraded', () => {
  it('shows the rows of the gateway itself', async () => {
    await using gateway = await startGateway();
    const { data } = (await (await fetch(`${gateway.url}/v1/degraded`)).json()) as {
      data: { service: string; rows: { route: string; ports: object }[] };
    };
    expect(data.service).toBe('api-gateway');
    const isOwn = ({ route }: { route: string }) => /^(GET|POST) /.test(route);
    const [own, counted] = [data.rows.filter(isOwn), data.rows.filter((row) => !isOwn(row))];
    expect(counted.length).toBeGreaterThan(10);
    const byItself = ['ANY /api/v1{/*rest}', 'ANY /{*rest}'];
    for (const { ports, route } of counted) {
      expect(ports).toEqual({
        'rate-limit': 'fail open: local',
        ...(byItself.includes(route)
          ? {}
          : { revocations: 'fail open: snapshot (at most 60 s old)' }),
      });
    }
    const closed = 'fail closed (503, Retry-After 30)';
    const signals = { deduplication: closed, storms: closed };
    expect(own.map(({ ports }) => ports)).toEqual([signals, signals, {}, {}]);
  });
});
