import { freePort } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { startGateway, startUpstream } from './harness.ts';

/** A service that says how it is. */
function service(readiness: { status: number; redis?: string; redis_reason?: string }) {
  return startUpstream((_request, reply) => {
    reply.setHeader('Content-Type', 'application/json');
    const { status: code, ...redis } = readiness;
    const status = code === 200 ? 'ready' : 'not_ready';
    reply.writeHead(code).end(JSON.stringify({ status, ...redis }));
  });
}

describe('/health', () => {
  it('shows every service with its Redis, and is 200 while the gateway is ready', async () => {
    const denied = { redis: 'degraded', redis_reason: 'NOPERM evalsha' };
    await using auth = await service({ status: 200, ...denied });
    await using chat = await service({ status: 503, redis: 'ok' });
    await using storage = await service({ status: 200 });
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

  it('and /ready fail while revocations are unknown', async () => {
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

interface Row {
  readonly route: string;
  readonly ports: object;
  readonly backed_by?: Readonly<Record<string, string>>;
}

describe('/v1/degraded', () => {
  it('shows the rows of the gateway itself', async () => {
    await using gateway = await startGateway();
    const { data } = (await (await fetch(`${gateway.url}/v1/degraded`)).json()) as {
      data: { service: string; rows: Row[] };
    };
    expect(data.service).toBe('api-gateway');
    const isOwn = ({ route }: Row) => /^(GET|POST|PUT) /.test(route);
    const [own, counted] = [data.rows.filter(isOwn), data.rows.filter((row) => !isOwn(row))];
    expect(counted.length).toBeGreaterThan(10);
    const byItself = ['ANY /api/v1{/*rest}', 'ANY /{*rest}'];
    const snapshot = 'fail open: snapshot (at most 60 s old)';
    const unreachable = 'fail closed (503, Retry-After 2)';
    for (const { ports, route, backed_by: behind = {} } of counted) {
      const passedOn = { revocations: snapshot, [Object.keys(behind).join()]: unreachable };
      expect(ports).toEqual({
        'rate-limit': 'fail open: local',
        ...(byItself.includes(route) ? {} : passedOn),
      });
    }
    const services = new Set(
      counted.flatMap(({ backed_by = {} }) => Object.entries(backed_by).flat()),
    );
    expect([...services].sort()).toEqual(
      ['auth', 'chat', 'storage', 'video'].flatMap((name) => [name, `${name}-service`]),
    );
    const closed = 'fail closed (503, Retry-After 30)';
    const requests = { 'remediation-requests': 'fail closed (503, Retry-After 5)' };
    const signals = { deduplication: closed, storms: closed, ...requests };
    for (const { ports, route } of own) {
      if (route.startsWith('POST /api/v1/signals/')) expect(ports).toEqual(signals);
      else if (!route.includes('/remediation-requests')) expect(ports).toEqual({});
      else
        expect(ports).toEqual({
          ...(route.includes('/admin/') && { revocations: snapshot }),
          ...requests,
        });
    }
    expect(own.filter(({ route }) => route.startsWith('POST '))).toHaveLength(2);
    expect(own.length).toBeGreaterThan(8);
  });
});
