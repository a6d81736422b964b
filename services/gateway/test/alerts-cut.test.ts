import { randomBytes } from 'node:crypto';
import type { RemediationRequest } from '@secureconnect/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alert, deliver, ownName, resolved, webhook } from './deliver.ts';
import { signalsToken, startGateway, type TestGateway } from './harness.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

async function stored(name: string | undefined): Promise<RemediationRequest> {
  const headers = { authorization: `Bearer ${signalsToken}` };
  const path = `/api/v1/remediation-requests/${name}`;
  const reply = await fetch(`${gateway.url}${path}`, { headers });
  expect(reply.status).toBe(200);
  const { data } = (await reply.json()) as { data: RemediationRequest };
  return data;
}

/** What is stored of one delivery that must be taken. */
async function taken(
  body: object,
  to: 'prometheus' | 'kubernetes-event' = 'prometheus',
): Promise<RemediationRequest> {
  const reply = await deliver(gateway, body, { to });
  expect([reply.status, reply.text]).toEqual([201, expect.any(String)]);
  return stored(reply.body.remediationRequestName);
}

const of = (one: object, more: object = {}) => webhook([one], more);
const long = 'x'.repeat(9000);
const cut = `${'x'.repeat(8192 - '… [cut]'.length)}… [cut]`;
const nested = (levels: number): unknown =>
  Array.from({ length: levels }).reduce<unknown>((inner) => ({ inner }), 'x');
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`n${n}`, 'x']));

describe('an informative text of any length refuses no alert: it is truncated, and named,', () => {
  it.each<[string, object, Partial<RemediationRequest>, string[]]>([
    [
      'an annotation of 9,000 characters',
      of(alert({}, { annotations: { description: long, summary: 's' } })),
      { signalAnnotations: { description: cut, summary: 's' } },
      ['signalAnnotations.description'],
    ],
    [
      'one that would end between the halves of a surrogate pair',
      of(alert({}, { annotations: { description: `x${'😀'.repeat(4500)}` } })),
      { signalAnnotations: { description: `x${'😀'.repeat(4092)}… [cut]` } },
      ['signalAnnotations.description'],
    ],
    [
      'a NUL and half a surrogate pair',
      of(alert({}, { annotations: { a: 'a\0b', b: '\ud800b', c: 'c' } })),
      { signalAnnotations: { a: 'a\ufffdb', b: '\ufffdb', c: 'c' } },
      ['signalAnnotations.a', 'signalAnnotations.b'],
    ],
    [
      'annotations that are no texts',
      of(alert({}, { annotations: { a: 1, b: null, c: ['c'], d: { d: 'd' }, e: 'e' } })),
      { signalAnnotations: { e: 'e' } },
      ['signalAnnotations.a', 'signalAnnotations.c', 'signalAnnotations.d'],
    ],
    [
      'names of annotations that do not fit',
      of(alert({}, { annotations: { '': 'a', 'b\0': 'b', [long]: 'c', d: 'd' } })),
      { signalAnnotations: { d: 'd' } },
      ['signalAnnotations'],
    ],
    [
      'more annotations than are kept',
      of(alert({}, { annotations: many(1000) })),
      { signalAnnotations: many(100) },
      ['signalAnnotations'],
    ],
    [
      'annotations that are a list',
      of({ ...alert(), annotations: ['a'] }),
      { signalAnnotations: {} },
      ['signalAnnotations'],
    ],
    ['no annotations at all', of({ ...alert(), annotations: null }), { signalAnnotations: {} }, []],
    [
      'what leads back to the sender',
      of(
        { ...alert(), generatorURL: long, fingerprint: { odd: true } },
        { receiver: 7, groupKey: long, externalURL: 'a\0b', truncatedAlerts: 'many' },
      ),
      { providerData: { groupKey: cut, externalURL: 'a\ufffdb', generatorURL: cut } },
      [
        'providerData.receiver',
        'providerData.groupKey',
        'providerData.externalURL',
        'providerData.generatorURL',
        'providerData.fingerprint',
      ],
    ],
    [
      'an end of an alert that fires',
      of({ ...alert(), endsAt: { odd: true } }),
      { status: { overallPhase: 'Pending' } },
      [],
    ],
  ])('%s', async (_what, body, kept, cutFields) => {
    const request = await taken(body);
    expect(request).toMatchObject(kept);
    expect(Object.keys(request.signalAnnotations).sort()).toEqual(
      Object.keys(kept.signalAnnotations ?? request.signalAnnotations).sort(),
    );
    expect(request.cutFields).toEqual(cutFields.length === 0 ? undefined : cutFields);
  });

  it('unknown fields of any depth and form', async () => {
    const odd = { ...alert(), extra: { ['__proto__']: '\0', lone: '\ud800' } };
    const kept = await taken(of(odd));
    expect(JSON.parse(kept.originalPayload)).toMatchObject({ extra: { lone: '\ud800' } });
    expect(kept.cutFields).toBeUndefined();
    const deep = await taken(of({ ...alert(), extra: nested(500) }, { extra: nested(500) }));
    expect(JSON.parse(deep.originalPayload)).toMatchObject({ extra: { inner: { inner: {} } } });
    expect(deep.originalPayload).toContain('… [cut]');
    expect(deep.cutFields).toEqual(['originalPayload']);
  });

  it('numbers that are longer when written in full', async () => {
    const numbers = JSON.stringify(alert()).replace(/}$/, `,"extra":[${'1e20,'.repeat(15_000)}0]}`);
    const text = JSON.stringify(of({ mark: 0 })).replace('{"mark":0}', numbers);
    const reply = await deliver(gateway, {}, { text });
    expect(reply.status).toBe(201);
    const request = await stored(reply.body.remediationRequestName);
    expect(request.originalPayload).toHaveLength(128 * 1024);
    expect(request.cutFields).toEqual(['originalPayload']);
  });
});

describe('labels refuse no alert by their number and their length', () => {
  it('of which the deciding ones are kept first', async () => {
    const labels = { ...many(1000), ...alert({ severity: 'critical', env: 'prod' }).labels };
    const request = await taken(of({ ...alert(), labels }));
    expect(Object.keys(request.signalLabels)).toHaveLength(100);
    expect(request.signalLabels).toMatchObject({ severity: 'critical', pod: 'checkout-1' });
    expect([request.priority, request.cutFields]).toEqual(['P0', ['signalLabels']]);
  });

  it('of which long ones are truncated', async () => {
    const request = await taken(of(alert({ description: long, odd: 'a\0b' })));
    expect(request.signalLabels).toMatchObject({ description: cut, odd: 'a\ufffdb' });
    expect(request.cutFields).toEqual(['signalLabels.description', 'signalLabels.odd']);
  });

  it.each([
    ['names that cannot be shortened by compression', () => randomBytes(4000).toString('hex')],
    ['names with a NUL', () => `a\0${ownName()}`],
    ['names with half a surrogate pair', () => `\ud800${ownName()}`],
  ])('%s keep alerts apart', async (_what, text) => {
    const names = { alertname: text(), namespace: text(), pod: text() };
    const one = alert(names);
    const other = alert({ ...names, pod: `${names.pod}.` });
    const requests = [await taken(of(one)), await taken(of(other))];
    for (const { signalName, namespace, cutFields } of requests) {
      expect(signalName).toMatch(/… \[cut, SHA-256 [0-9a-f]{64}\]$/);
      expect(namespace).toMatch(/… \[cut, SHA-256 [0-9a-f]{64}\]$/);
      expect(cutFields).toEqual(expect.arrayContaining(['signalName', 'namespace']));
    }
    const again = await deliver(gateway, webhook([one, other]));
    expect(again.body.results?.map(({ remediationRequestName }) => remediationRequestName)).toEqual(
      requests.map(({ name }) => name),
    );
    const over = await deliver(gateway, webhook([resolved(one), resolved(other)]));
    expect(over.body.results?.map(({ status }) => status)).toEqual(['resolved', 'resolved']);
  });

  it('alerts that differ only in a truncated part are two alerts', async () => {
    const labels = { ...alert().labels, description: `${long}1` };
    const firing = { ...alert(), labels };
    const over = resolved({ ...firing, labels: { ...labels, description: `${long}2` } });
    const reply = await deliver(gateway, webhook([firing, over]));
    expect(reply.body.results?.map(({ status }) => status)).toEqual(['created', 'duplicate']);
    expect((await deliver(gateway, of(firing))).body.status).toBe('duplicate');
  });
});

it('an alert is accepted, whatever its other fields', { timeout: 60_000 }, async () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('\ud800'));
  const odd = fc.oneof(text, fc.jsonValue(), fc.dictionary(text, fc.jsonValue()));
  const fields = fc.record({
    labels: fc.dictionary(text, text),
    ...{ annotations: odd, generatorURL: odd, fingerprint: odd, extra: odd },
  });
  const startsAt = '2026-01-01T00:00:00Z';
  const isTaken = async ({ labels, ...rest }: { labels: object }, beside: object) => {
    const one = {
      ...rest,
      labels: { ...labels, alertname: ownName() },
      status: 'firing',
      startsAt,
    };
    const reply = await deliver(gateway, webhook([one], beside));
    expect([reply.status, reply.text]).toEqual([201, expect.any(String)]);
    const request = await stored(reply.body.remediationRequestName);
    expect(JSON.parse(request.originalPayload)).toMatchObject({ startsAt });
  };
  const beside = fc.record({
    receiver: odd,
    groupKey: odd,
    externalURL: odd,
    truncatedAlerts: odd,
  });
  await fc.assert(fc.asyncProperty(fields, beside, isTaken), { numRuns: 200 });
});

it('a full body of alerts is accepted, and invalid ones among them are named', async () => {
  const startsAt = '2026-01-01T00:00:00Z';
  const alerts = Array.from({ length: 900 }, (_, n) => ({
    ...{ status: 'firing', startsAt },
    labels: { alertname: `${n}` },
  }));
  const reply = await deliver(gateway, webhook([...alerts, ...Array(30).fill(0)]));
  expect(reply.status).toBe(400);
  expect(reply.body.error?.message).toMatch(
    /^30 of 930 alerts are malformed: alerts\[900\].*alerts\[919\] and 10 more; the other 900 were accepted\.$/,
  );
  const again = await deliver(gateway, webhook(alerts));
  expect(new Set(again.body.results?.map(({ status }) => status))).toEqual(new Set(['duplicate']));
  expect(again.body.results).toHaveLength(900);
}, 120_000);

it.each([
  ['9999-12-31T23:59:59-23:59', '9999-12-31T23:59:59.999Z'],
  ['0000-01-01T00:00:00+23:59', '0001-01-01T00:00:00.000Z'],
])('an alert that began at %s is accepted, and closed', async (startsAt, firingTime) => {
  const firing = alert({}, { startsAt });
  expect((await taken(of(firing))).firingTime).toBe(firingTime);
  expect((await deliver(gateway, of(firing))).body.status).toBe('duplicate');
  const over = { ...resolved(firing), endsAt: '0001-01-01T00:00:00Z' };
  expect((await deliver(gateway, of(over))).body.status).toBe('resolved');
});

describe('an event of Kubernetes', () => {
  const event = (more: object = {}) => ({
    metadata: { name: 'checkout-1.17f', namespace: 'payments' },
    involvedObject: { kind: 'Pod', namespace: 'payments', name: 'checkout-1' },
    reason: ownName(),
    ...more,
  });

  it.each<[string, object, Partial<RemediationRequest>, string[]]>([
    ['with only the deciding fields', {}, { severity: 'info', signalSource: 'kubernetes' }, []],
    ['of a type that is new', { type: 'Odd' }, { severity: 'info' }, []],
    [
      'with a long message',
      { message: long, type: 'Warning' },
      { signalAnnotations: { message: cut }, severity: 'warning' },
      ['signalAnnotations.message'],
    ],
    [
      'with odd types',
      { message: 7, type: {}, source: { component: [] }, firstTimestamp: 7, eventTime: null },
      { signalSource: 'kubernetes' },
      ['signalSource', 'signalAnnotations.message'],
    ],
  ])('%s is taken', async (_what, more, kept, cutFields) => {
    const time = { lastTimestamp: '2026-01-01T00:00:00Z' };
    const request = await taken(event({ ...more, ...time }), 'kubernetes-event');
    expect(request).toMatchObject(kept);
    expect(request.cutFields).toEqual(cutFields.length === 0 ? undefined : cutFields);
  });

  it('with odd references and labels is accepted', async () => {
    const metadata = { name: ['x'], uid: long, namespace: null, labels: { a: long, b: 1 } };
    const request = await taken(event({ metadata, extra: nested(500) }), 'kubernetes-event');
    expect(request.signalLabels).toEqual({ a: cut });
    expect(request.providerData).toEqual({ eventUid: cut });
    expect(request.cutFields).toEqual([
      'providerData.event',
      'providerData.eventUid',
      'signalLabels.a',
      'signalLabels.b',
    ]);
  });
});
