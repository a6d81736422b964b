import { afterAll, beforeAll, expect, it } from 'vitest';
import { alert, type Delivered, deliver, metric, ownName, resolved, webhook } from './deliver.ts';
import { signalsToken, startGateway, type TestGateway } from './harness.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const send = (...alerts: object[]) => deliver(gateway, webhook(alerts));
const statusOf = ({ body }: Delivered) => body.status;

async function requestsFor(alertname: string) {
  const headers = { authorization: `Bearer ${signalsToken}` };
  const path = `/api/v1/remediation-requests?alertname=${alertname}`;
  const reply = await fetch(`${gateway.url}${path}`, { headers });
  const { data } = (await reply.json()) as {
    data: { items: { isStorm: boolean; affectedResources?: string[] }[] };
  };
  return data.items;
}

it('the sixth resource of one name begins a storm, and shares one request with the rest', async () => {
  const alertname = ownName();
  const storms = await metric(gateway, 'gateway_alert_storms_detected_total');
  const pods = Array.from({ length: 9 }, (_, n) => alert({ alertname, pod: `p${n}` }));
  const replies: Delivered[] = [];
  for (const one of pods) replies.push(await send(one));
  expect(replies.map(statusOf)).toEqual([
    ...Array.from({ length: 5 }, () => 'created'),
    ...Array.from({ length: 4 }, () => 'aggregated'),
  ]);
  const aggregated = replies.slice(5);
  expect(aggregated.every(({ status }) => status === 202)).toBe(true);
  expect(aggregated[0]?.body).toMatchObject({ isStorm: true, stormType: 'pattern' });
  expect(new Set(aggregated.map(({ body }) => body.windowID)).size).toBe(1);
  expect(new Set(aggregated.map(({ body }) => body.remediationRequestName)).size).toBe(1);
  const requests = await requestsFor(alertname);
  expect(requests).toHaveLength(6);
  expect(requests.find(({ isStorm }) => isStorm)?.affectedResources).toEqual(
    ['p5', 'p6', 'p7', 'p8'].map((pod) => `payments:Pod:${pod}`),
  );
  expect(await metric(gateway, 'gateway_alert_storms_detected_total')).toBe(storms + 1);
});

it('a repeated signal of a storm is a duplicate, and closes with the others', async () => {
  const alertname = ownName();
  const pods = Array.from({ length: 7 }, (_, n) => alert({ alertname, pod: `p${n}` }));
  const first = await send(...pods);
  expect(first.status).toBe(201);
  const again = await send(...pods);
  expect(again.status).toBe(202);
  expect(again.body.results?.map(({ status }) => status)).toEqual(pods.map(() => 'duplicate'));
  expect(await requestsFor(alertname)).toHaveLength(6);
  const over = await send(...pods.map(resolved));
  expect(over.body.results?.map(({ status }) => status)).toEqual(pods.map(() => 'resolved'));
});

it('repeated deliveries make no storm', async () => {
  const firing = alert();
  for (let n = 0; n < 15; n += 1) await send(firing);
  const pods = Array.from({ length: 4 }, (_, n) => alert({ ...firing.labels, pod: `other${n}` }));
  const replies = await send(...pods, ...pods, ...pods);
  expect(new Set(replies.body.results?.map(({ isStorm }) => isStorm))).toEqual(new Set([false]));
});

it('one resource that fires again more than ten times a minute is a storm too', async () => {
  const firing = alert();
  const seen: unknown[] = [];
  for (let n = 0; n < 12; n += 1) {
    const startsAt = new Date(Date.parse('2026-01-01T12:00:00Z') + n * 1000).toISOString();
    const reply = await send({ ...firing, startsAt });
    seen.push(reply.body.stormType);
    await send(resolved({ ...firing, startsAt }));
  }
  expect(seen.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => undefined));
  expect(seen.slice(10)).toEqual(['rate', 'rate']);
});
