import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  activeRequests,
  alert,
  deliver,
  metric,
  ownName,
  resolved,
  type TestAlert,
  webhook,
} from './deliver.ts';
import { signalsToken, startGateway, type TestGateway } from './harness.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ environment: { SIGNALS_ENVIRONMENTS: 'payments=prod' } });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const send = (...alerts: object[]) => deliver(gateway, webhook(alerts));

async function read(path: string) {
  const headers = { authorization: `Bearer ${signalsToken}` };
  const reply = await fetch(`${gateway.url}/api/v1/remediation-requests${path}`, { headers });
  return { status: reply.status, body: (await reply.json()) as { data: Record<string, unknown> } };
}

describe('one alert', () => {
  it('has a remediation request, and is a duplicate from then on', async () => {
    const firing = alert({ severity: 'critical' });
    const first = await send(firing);
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      status: 'created',
      message: 'A remediation request was created.',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      duplicate: false,
      remediationRequestName: `rr-${first.body.fingerprint?.slice(0, 16)}-${
        first.body.remediationRequestName?.slice(20) ?? ''
      }`,
      remediationRequestNamespace: 'payments',
      environment: 'prod',
      priority: 'P0',
      remediationPath: 'aggressive',
      isStorm: false,
    });
    const again = await send(firing);
    expect(again.status).toBe(202);
    expect(again.body).toMatchObject({
      status: 'duplicate',
      duplicate: true,
      remediationRequestName: first.body.remediationRequestName,
    });
  });

  it('that is resolved closes its request, and one that fires later refers to that', async () => {
    const firing = alert();
    const first = (await send(firing)).body.remediationRequestName ?? '';
    expect((await send(resolved(firing))).body).toMatchObject({
      status: 'resolved',
      remediationRequestName: first,
    });
    expect((await send(resolved(firing))).body.status).toBe('not_active');
    const second = await send({ ...firing, startsAt: new Date().toISOString() });
    expect(second.status).toBe(201);
    expect(second.body.remediationRequestName).not.toBe(first);
    expect((await read(`/${first}`)).body.data).toMatchObject({
      status: { overallPhase: 'Resolved', closedTime: expect.any(String) },
    });
    expect((await read(`/${second.body.remediationRequestName}`)).body.data).toMatchObject({
      deduplication: { previousRemediationRequestRef: first, occurrenceCount: 1 },
      status: { overallPhase: 'Pending' },
    });
  });

  it('that ended before the current one began closes nothing', async () => {
    const earlier = alert({}, { startsAt: '2026-01-01T10:00:00Z' });
    const present = { ...earlier, startsAt: '2026-01-01T12:00:00Z' };
    await send(present);
    const late = { ...earlier, status: 'resolved', endsAt: '2026-01-01T11:00:00Z' };
    expect((await send(late)).body.status).toBe('not_active');
    expect((await send(present)).body.status).toBe('duplicate');
  });

  it('whose firing arrives only after its end has a request until its end is delivered again', async () => {
    const firing = alert();
    const first = (await send(firing)).body.remediationRequestName;
    await send(resolved(firing));
    const late = await send(firing);
    expect(late.body.status).toBe('created');
    const { data } = (await read(`/${late.body.remediationRequestName}`)).body;
    expect(data['deduplication']).toMatchObject({ previousRemediationRequestRef: first });
    expect((await send(resolved(firing))).body.status).toBe('resolved');
  });

  it('that began again after its end was lost stays open when that end arrives late', async () => {
    const earlier = alert({}, { startsAt: '2026-01-01T10:00:00Z' });
    const present = { ...earlier, startsAt: '2026-01-01T12:00:00Z' };
    await send(earlier);
    expect((await send(present)).body.status).toBe('duplicate');
    const late = { ...earlier, status: 'resolved', endsAt: '2026-01-01T11:00:00Z' };
    expect((await send(late)).body.status).toBe('not_active');
    const over = { ...present, status: 'resolved', endsAt: '2026-01-01T13:00:00Z' };
    expect((await send(over)).body.status).toBe('resolved');
  });

  it.each([
    ['an hour ahead', new Date(Date.now() + 3_600_000).toISOString()],
    ['in year 1', '0001-01-01T00:00:00Z'],
    ['with nanoseconds and an offset', '2026-11-24T18:30:00.123456789+02:00'],
  ])('of a sender whose clock is %s is accepted, and closed', async (_clock, startsAt) => {
    const firing = alert({}, { startsAt });
    expect((await send(firing)).status).toBe(201);
    expect((await send(firing)).body.status).toBe('duplicate');
    expect((await send(resolved(firing))).body.status).toBe('resolved');
  });
});

it('two alerts whose labels differ in the position of colons have a request each', async () => {
  const alertname = ownName();
  const one = alert({ alertname, namespace: 'a', pod: 'b:Pod:c' });
  const other = alert({ alertname, namespace: 'a:Pod:b', pod: 'c' });
  const replies = [await send(one), await send(other)];
  expect(replies.map(({ body }) => body.status)).toEqual(['created', 'created']);
  const over = await send(resolved(one), resolved(other));
  expect(over.body.results?.map(({ remediationRequestName }) => remediationRequestName)).toEqual(
    replies.map(({ body }) => body.remediationRequestName),
  );
});

describe('several alerts', () => {
  it('are answered one by one, in their order', async () => {
    const [one, two] = [alert(), alert()];
    await send(one);
    const reply = await send(two, one, two);
    expect(reply.status).toBe(201);
    expect(reply.body.status).toBe('created');
    expect(reply.body.results?.map(({ status }) => status)).toEqual([
      'created',
      'duplicate',
      'duplicate',
    ]);
    const none = await send(one, two);
    expect([none.status, none.body.status]).toEqual([202, 'accepted']);
  });

  it('that begin, end and begin again in one delivery are processed in that order', async () => {
    const firing = alert();
    const reply = await send(firing, resolved(firing), firing);
    expect(reply.body.results?.map(({ status }) => status)).toEqual([
      'created',
      'resolved',
      'created',
    ]);
  });
});

describe('alerts that share a fingerprint, as those of two containers of a Pod do', () => {
  const two = () => {
    const alertname = ownName();
    return [
      alert({ alertname, container: 'app' }),
      alert({ alertname, container: 'log' }),
    ] as const;
  };

  it.each([
    ['first', (end: TestAlert, fires: TestAlert) => [end, fires]],
    ['last', (end: TestAlert, fires: TestAlert) => [fires, end]],
  ])(
    'keep their request while one of them fires, also where the other’s end stands %s',
    async (_where, order) => {
      const [app, log] = two();
      const { body } = await send(app, log);
      expect(body.results?.map(({ status }) => status)).toEqual(['created', 'duplicate']);
      const name = body.results?.[0]?.remediationRequestName;
      const half = await send(...order(resolved(log), app));
      expect(half.body.results).toMatchObject([
        { status: 'duplicate', remediationRequestName: name },
        { status: 'duplicate', remediationRequestName: name },
      ]);
      expect((await send(app)).body).toMatchObject({ remediationRequestName: name });
      const over = await send(resolved(app), resolved(log));
      expect(over.body.results?.map(({ status }) => status)).toEqual(['resolved', 'not_active']);
    },
  );

  it('get one request if one of them begins as the other ends', async () => {
    const [app, log] = two();
    const reply = await send(resolved(log), app);
    expect(reply.status).toBe(201);
    expect(reply.body.results?.map(({ status }) => status)).toEqual(['duplicate', 'created']);
  });
});

describe('an event of Kubernetes', () => {
  const event = (reason: string) => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'checkout-1.17f', namespace: 'payments', uid: 'u1' },
    involvedObject: { kind: 'Pod', namespace: 'payments', name: 'checkout-1' },
    reason,
    message: 'Back-off restarting failed container',
    type: 'Warning',
    firstTimestamp: null,
    lastTimestamp: new Date().toISOString(),
    source: { component: 'kubelet' },
  });

  it('has a remediation request, which says what it is about', async () => {
    const reason = ownName();
    const reply = await deliver(gateway, event(reason), { to: 'kubernetes-event' });
    expect(reply.status).toBe(201);
    const { data } = (await read(`/${reply.body.remediationRequestName}`)).body;
    expect(data).toMatchObject({
      signalName: reason,
      signalType: 'kubernetes-event',
      signalSource: 'kubelet',
      severity: 'warning',
      priority: 'P1',
      remediationPath: 'conservative',
      targetType: 'kubernetes',
      signalAnnotations: { message: 'Back-off restarting failed container' },
    });
    const again = await deliver(gateway, event(reason), { to: 'kubernetes-event' });
    expect([again.status, again.body.status]).toEqual([202, 'duplicate']);
  });

  it('of another version, or of no object, is refused', async () => {
    const { involvedObject, ...rest } = event('x');
    for (const wrong of [
      { ...rest, apiVersion: 'events.k8s.io/v1', regarding: involvedObject },
      { ...event('x'), involvedObject: { kind: 'Pod' } },
      { ...event('x'), lastTimestamp: 'yesterday' },
    ]) {
      expect((await deliver(gateway, wrong, { to: 'kubernetes-event' })).status).toBe(400);
    }
  });
});

describe('the list of requests', () => {
  it('is read page by page, newest first, by name and by phase', async () => {
    const alertname = ownName();
    const alerts = ['a', 'b', 'c'].map((pod) => alert({ alertname, pod }));
    for (const one of alerts) await send(one);
    await send(resolved(alerts[1] ?? alert()));
    const page = await read(`?alertname=${alertname}&limit=2`);
    const { items, next_cursor } = page.body.data as {
      items: { signalLabels: { pod: string } }[];
      next_cursor: string;
    };
    expect(items.map(({ signalLabels }) => signalLabels.pod)).toEqual(['c', 'b']);
    const rest = await read(`?alertname=${alertname}&limit=2&cursor=${next_cursor}`);
    expect(rest.body.data).toMatchObject({
      items: [{ signalLabels: { pod: 'a' } }],
      next_cursor: null,
    });
    const open = await read(`?alertname=${alertname}&status=Pending`);
    expect(open.body.data['items']).toHaveLength(2);
  });

  it('is refused without the token, and 404 for an unknown request', async () => {
    const reply = await fetch(`${gateway.url}/api/v1/remediation-requests`);
    expect(reply.status).toBe(401);
    expect((await read('/rr-none')).status).toBe(404);
    expect((await read('?cursor=x')).status).toBe(400);
    expect((await read('?status=Whatever')).status).toBe(400);
  });
});

it('counts what it accepted', async () => {
  const before = await metric(gateway, 'gateway_alerts_received_total');
  const created = await metric(gateway, 'gateway_crds_created_total');
  const firing = alert();
  await send(firing, firing);
  expect(await metric(gateway, 'gateway_alerts_received_total')).toBe(before + 2);
  expect(await metric(gateway, 'gateway_crds_created_total')).toBe(created + 1);
  expect(await metric(gateway, 'gateway_redis_available')).toBe(1);
  expect(Math.max(...(await activeRequests(gateway.database)).values())).toBe(1);
});
