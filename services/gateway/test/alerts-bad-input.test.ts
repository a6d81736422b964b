import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alert, deliver, metric, resolved, webhook } from './deliver.ts';
import { startGateway, type TestGateway } from './harness.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const counts = (reason: string) =>
  metric(gateway, `gateway_requests_rejected_total{reason="${reason}"}`);

const tooLarge = `"${'x'.repeat(100 * 1024)}"`;

it.each([
  ['of more than 100 KiB', {}, { text: tooLarge }, 413, 'too_large'],
  ['that is no JSON', {}, { text: '{"version":' }, 400, 'malformed'],
  ['that is null', {}, { text: 'null' }, 400, 'malformed'],
  ['of another type', {}, { contentType: 'text/plain' }, 415, 'unsupported_media_type'],
  ['of version 3', webhook([alert()], { version: '3' }), {}, 400, 'malformed'],
  ['of version 4 as a number', webhook([alert()], { version: 4 }), {}, 400, 'malformed'],
  ['without a version', { alerts: [alert()] }, {}, 400, 'malformed'],
  ['without alerts', webhook([]), {}, 400, 'malformed'],
  ['of 25,000 odd alerts', webhook(Array.from({ length: 25_000 }, () => 0)), {}, 400, 'malformed'],
  ['without a token', webhook([alert()]), { token: undefined }, 401, 'unauthorized'],
  ['with another token', webhook([alert()]), { token: 'x'.repeat(32) }, 401, 'unauthorized'],
  ['of a stranger, too large', {}, { token: undefined, text: tooLarge }, 401, 'unauthorized'],
  ['of a stranger, no JSON', {}, { token: undefined, text: '{"version":' }, 401, 'unauthorized'],
])('a delivery %s is refused and counted', async (_what, body, options, status, reason) => {
  const before = await counts(reason);
  const reply = await deliver(gateway, body, options);
  expect([reply.status, reply.body.error?.code]).toEqual([status, expect.any(String)]);
  expect(reply.text).not.toMatch(/at .*\.ts:|INSERT|zod/i);
  expect(await counts(reason)).toBe(before + 1);
});

it.each([
  ['that is a text', 'x', 'body.alerts[1]'],
  ['that is null', null, 'body.alerts[1]'],
  ['with a number as a label', alert({ port: 8080 }), 'body.alerts[1].labels.port'],
  ['with an object as a label', alert({ pod: {} }), 'body.alerts[1].labels.pod'],
  ['with null as a label', alert({ pod: null }), 'body.alerts[1].labels.pod'],
  ['with a list of labels', { ...alert(), labels: [] }, 'body.alerts[1].labels'],
  ['without a name', alert({ alertname: '' }), 'body.alerts[1].labels.alertname'],
  ['that ended at no time', { ...resolved(alert()), endsAt: 'now' }, 'body.alerts[1].endsAt'],
  ['of another status', { ...alert(), status: 'pending' }, 'body.alerts[1].status'],
  ['that began at no time', { ...alert(), startsAt: 'yesterday' }, 'body.alerts[1].startsAt'],
  ['without a beginning', { ...alert(), startsAt: undefined }, 'body.alerts[1].startsAt'],
])('an alert %s is named, and the valid ones are accepted', async (_what, bad, field) => {
  const [one, two] = [alert(), alert()];
  const reply = await deliver(gateway, webhook([one, bad, two]));
  expect(reply.status).toBe(400);
  expect(reply.body.error?.message).toBe(
    '1 of 3 alerts are malformed: alerts[1]; the other 2 were accepted.',
  );
  expect(reply.body.error?.details?.[0]?.field).toMatch(field);
  const again = await deliver(gateway, webhook([one, two]));
  expect(again.body.results?.map(({ status }) => status)).toEqual(['duplicate', 'duplicate']);
});

it('no number of deliveries is too many', async () => {
  const firing = alert();
  for (let n = 0; n < 150; n += 1) {
    expect([201, 202]).toContain((await deliver(gateway, webhook([firing]))).status);
  }
});

it('a gateway without a token of its own accepts nothing', async () => {
  await using bare = await startGateway({ environment: { SIGNALS_TOKEN: '' } });
  expect((await deliver(bare, webhook([alert()]))).status).toBe(401);
});

it('with SIGNALS_AUTH=off anybody may deliver', async () => {
  await using open = await startGateway({ environment: { SIGNALS_AUTH: 'off' } });
  const reply = await deliver(open, webhook([alert()]), { token: undefined });
  expect(reply.status).toBe(201);
});

it('whatever a delivery holds, the reply is never 500', { timeout: 60_000 }, async () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('\ud800'));
  const odd = fc.oneof(text, fc.jsonValue());
  const labels = fc.oneof(fc.dictionary(text, text), odd);
  const one = fc.record({
    status: fc.oneof(fc.constantFrom('firing', 'resolved'), odd),
    labels: fc.oneof(
      labels.map((given) => ({ ...Object(given), alertname: 'Any' })),
      odd,
    ),
    annotations: labels,
    startsAt: fc.oneof(fc.constantFrom('0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'), odd),
    endsAt: fc.constantFrom('2026-01-01T00:00:00+23:59', '0001-01-01T00:00:00Z'),
  });
  const delivery = fc.record({
    version: fc.oneof({ weight: 5, arbitrary: fc.constant('4') }, { weight: 1, arbitrary: odd }),
    alerts: fc.oneof(fc.array(one, { maxLength: 4 }), fc.array(odd), odd),
  });
  const isAnswered = async (body: object) => {
    const { status } = await deliver(gateway, body);
    expect([201, 202, 400]).toContain(status);
  };
  await fc.assert(fc.asyncProperty(delivery, isAnswered), { numRuns: 300 });
});
