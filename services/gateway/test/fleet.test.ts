import { FleetTable } from '@secureconnect/contracts';
import { freePort } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { startGateway, startUpstream } from './harness.ts';

type Mode = 'normal' | 'fail_open';

/** A service that says how its rows are. */
function service(instance: string, mode: Mode) {
  return startUpstream((_request, reply) => {
    const degraded = mode !== 'normal';
    const redis = degraded ? 'unavailable' : 'available';
    const rows = [{ route: 'GET /v1/presence', operation: 'presence', mode, ports: {} }];
    const reason = degraded ? { reason: 'ETIMEDOUT' } : {};
    const data = { service: 'chat-service', redis, degraded, ...reason, instance, rows };
    reply.setHeader('Content-Type', 'application/json');
    reply.end(JSON.stringify({ success: true, data, meta: {} }));
  });
}

const fleetOf = async (url: string) => {
  const reply = await fetch(`${url}/v1/degraded?fleet=true`);
  expect(reply.status).toBe(200);
  const { data } = (await reply.json()) as { data: { fleet: unknown } };
  return FleetTable.parse(data.fleet);
};

it('shows every instance of every service, and the rows that are not normal somewhere', async () => {
  await using one = await service('00000001', 'normal');
  await using other = await service('00000002', 'fail_open');
  await using slow = await startUpstream(() => undefined);
  await using strange = await startUpstream((_request, reply) => void reply.end('{}'));
  const dead = `http://127.0.0.1:${await freePort()}`;
  const environment = {
    CHAT_URL: `${one.origin},${other.origin}`,
    AUTH_URL: dead,
    VIDEO_URL: slow.origin,
    STORAGE_URL: strange.origin,
  };
  await using gateway = await startGateway({ environment });
  const own = expect.stringMatching(/^[0-9a-f]{8}$/);
  expect(await fleetOf(gateway.url)).toEqual({
    degraded: true,
    instances: [
      { service: 'gateway', instance: own, state: 'normal' },
      { service: 'auth', instance: null, state: 'unreachable' },
      { service: 'chat', instance: '00000001', state: 'normal' },
      { service: 'chat', instance: '00000002', state: 'degraded', reason: 'ETIMEDOUT' },
      { service: 'video', instance: null, state: 'unreachable' },
      { service: 'storage', instance: null, state: 'unreachable' },
    ],
    rows: [
      {
        ...{ service: 'chat', route: 'GET /v1/presence', operation: 'presence' },
        instances: { normal: 1, fail_closed: 0, fail_open: 1 },
        ports: {},
      },
    ],
  });
});

it('has the other gateways that FLEET names, and this one once', async () => {
  await using other = await startGateway();
  const port = await freePort();
  const environment = { FLEET: `${other.url},http://127.0.0.1:${port}` };
  await using gateway = await startGateway({ environment, port });
  const { instances } = await fleetOf(gateway.url);
  const gateways = instances.filter((each) => each.service === 'gateway');
  expect(gateways.map(({ state }) => state)).toEqual(['normal', 'normal']);
  expect(new Set(gateways.map(({ instance }) => instance)).size).toBe(2);
});

it('has all rows where they are asked for', async () => {
  await using gateway = await startGateway();
  const reply = await fetch(`${gateway.url}/v1/degraded?fleet=true&rows=all`);
  const { data } = (await reply.json()) as { data: { fleet: unknown; rows: { route: string }[] } };
  const own = FleetTable.parse(data.fleet).rows.filter(({ service }) => service === 'gateway');
  expect(own.map(({ route }) => route)).toEqual(data.rows.map(({ route }) => route));
});

it('is asked for by true, and not by anything', async () => {
  await using gateway = await startGateway();
  expect((await fetch(`${gateway.url}/v1/degraded?fleet=yes`)).status).toBe(400);
  const { data } = (await (await fetch(`${gateway.url}/v1/degraded`)).json()) as { data: object };
  expect(data).not.toHaveProperty('fleet');
});
