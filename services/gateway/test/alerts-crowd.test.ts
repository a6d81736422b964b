import { afterAll, beforeAll, expect, it } from 'vitest';
import { activeRequests, alert, deliver, metric, ownName, resolved, webhook } from './deliver.ts';
import { startGateway, type TestGateway } from './harness.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
  await gateway.untilDegraded(false);
});
afterAll(() => gateway[Symbol.asyncDispose]());

const send = (...alerts: object[]) => deliver(gateway, webhook(alerts));

it('a crowd of deliveries shares transactions, and each gets its own answer', async () => {
  const before = await metric(gateway, 'batch_items_count{batch="new_signals"}');
  const items = await metric(gateway, 'batch_items_sum{batch="new_signals"}');
  const all = Array.from({ length: 60 }, () => alert());
  const replies = await Promise.all(all.map((one) => send(one)));
  expect(replies.map(({ status, body }) => [status, body.status])).toEqual(
    all.map(() => [201, 'created']),
  );
  expect(new Set(replies.map(({ body }) => body.remediationRequestName)).size).toBe(60);
  expect(new Set(replies.map(({ body }) => body.fingerprint)).size).toBe(60);
  const shared = (await metric(gateway, 'batch_items_count{batch="new_signals"}')) - before;
  expect(shared).toBeLessThan(60);
  expect(await metric(gateway, 'batch_items_sum{batch="new_signals"}')).toBe(items + 60);
  const again = await Promise.all(all.map((one) => send(one)));
  expect(again.map(({ body }) => [body.status, body.remediationRequestName])).toEqual(
    replies.map(({ body }) => ['duplicate', body.remediationRequestName]),
  );
  expect([...(await activeRequests(gateway.database)).values()]).toEqual(all.map(() => 1));
});

it('one alert that is delivered many times at once has one request', async () => {
  const one = alert();
  const replies = await Promise.all(Array.from({ length: 30 }, () => send(one)));
  const statuses = replies.map(({ body }) => body.status).sort();
  expect(statuses).toEqual(['created', ...Array.from({ length: 29 }, () => 'duplicate')]);
  expect(new Set(replies.map(({ body }) => body.remediationRequestName)).size).toBe(1);
});

it('a crowd of one alertname is a storm from its sixth resource on', async () => {
  const alertname = ownName();
  const pods = Array.from({ length: 20 }, (_, pod) => alert({ alertname, pod: `pod-${pod}` }));
  const replies = await Promise.all(pods.map((one) => send(one)));
  expect(replies.filter(({ body }) => body.status === 'created')).toHaveLength(5);
  const aggregated = replies.filter(({ body }) => body.isStorm);
  expect(aggregated).toHaveLength(15);
  expect(new Set(aggregated.map(({ body }) => body.remediationRequestName)).size).toBe(1);
  const over = await Promise.all(pods.map((one) => send(resolved(one))));
  expect(over.map(({ body }) => body.status)).toEqual(pods.map(() => 'resolved'));
});
