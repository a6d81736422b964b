import { openDatabase } from '@secureconnect/postgres';
import { freePort, redisFaults } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activeRequests, alert, type Delivered, deliver, metric, webhook } from './deliver.ts';
import { signalsToken, startGateway, type TestGateway } from './harness.ts';

let fresh: TestGateway;
beforeAll(async () => {
  fresh = await startGateway();
});
afterAll(() => fresh[Symbol.asyncDispose]());

const refusal = (operation: string) =>
  `{"error":"SERVICE_DEGRADED","code":"redis_unavailable","mode":"degraded","message":"${operation} is operating in degraded mode due to Redis unavailability"}`;

function expectRefused(reply: Delivered, operation = 'signals/prometheus'): void {
  expect(reply.status).toBe(503);
  expect(reply.headers.get('retry-after')).toBe('30');
  expect(reply.text).toBe(refusal(operation));
}

describe.each(redisFaults)('while Redis is $name', (fault) => {
  it('deliveries are refused, store nothing, and are accepted afterwards', {
    timeout: 40_000,
  }, async () => {
    await using gateway = await startGateway();
    const [before, during] = [alert(), alert()];
    expect((await deliver(gateway, webhook([before]))).status).toBe(201);

    await fault.begin(gateway.redis);
    // The flag is stale for a moment, or a delivery finds that out: it is refused all the same.
    expectRefused(await deliver(gateway, webhook([during])));
    await gateway.untilDegraded(true);
    expectRefused(await deliver(gateway, webhook([before, during])));
    const stranger = await deliver(gateway, webhook([during]), { token: undefined });
    expect([stranger.status, stranger.headers.get('retry-after')]).toEqual([401, null]);
    const event = { metadata: {}, reason: 'x' };
    expectRefused(
      await deliver(gateway, event, { to: 'kubernetes-event' }),
      'signals/kubernetes-event',
    );
    expect((await activeRequests(gateway.database)).size).toBe(1);
    const headers = { authorization: `Bearer ${signalsToken}` };
    const list = await fetch(`${gateway.url}/api/v1/remediation-requests`, { headers });
    expect([list.status, list.headers.get('x-degraded')]).toEqual([200, null]);
    expect(await metric(gateway, 'gateway_redis_available')).toBe(0);
    expect(await metric(gateway, 'gateway_redis_outage_count')).toBe(1);
    expect(await metric(gateway, 'gateway_consecutive_503_responses')).toBe(3);
    const refused = 'gateway_requests_rejected_total{reason="redis_unavailable"}';
    expect(await metric(gateway, refused)).toBe(3);

    await fault.end(gateway.redis);
    await gateway.untilDegraded(false);
    const reply = await deliver(gateway, webhook([before, during]));
    expect(reply.status).toBe(201);
    expect(reply.body.results?.map(({ status }) => status)).toEqual(['duplicate', 'created']);
    expect(await metric(gateway, 'gateway_redis_available')).toBe(1);
    expect(await metric(gateway, 'gateway_consecutive_503_responses')).toBe(0);
    expect(await metric(gateway, 'gateway_redis_outage_duration_seconds_total')).toBeGreaterThan(0);
  });
});

it('a Redis that comes back empty causes no second request, and is counted', async () => {
  await using gateway = await startGateway();
  const firing = alert();
  await deliver(gateway, webhook([firing]));
  await gateway.redis.kill();
  await gateway.untilDegraded(true);
  await gateway.redis.restart({ empty: true });
  await gateway.untilDegraded(false);
  for (let time = 1; time <= 2; time += 1) {
    expect((await deliver(gateway, webhook([firing]))).body.status).toBe('duplicate');
    // Redis is told of a duplicate after the reply, and before a later alert is reserved.
    expect((await deliver(gateway, webhook([alert()]))).body.status).toBe('created');
    expect(await metric(gateway, 'gateway_duplicate_crds_prevented_total')).toBe(1);
  }
});

it('without Redis at boot deliveries are refused from the start', async () => {
  const nowhere = `redis://127.0.0.1:${await freePort()}`;
  await using gateway = await startGateway({ environment: { REDIS_URL: nowhere } });
  expectRefused(await deliver(gateway, webhook([alert()])));
});

it('while SQL is down a delivery is 503 as a whole, and is accepted afterwards', async () => {
  await using gateway = await startGateway();
  const [taken, waiting] = [alert(), alert()];
  await deliver(gateway, webhook([taken]));
  const url = gateway.databaseUrl;
  const blocker = openDatabase({ url, maxConnections: 1, statementTimeoutMs: 10_000 });
  await blocker.transaction(async (sql) => {
    // What every statement of the ingest then waits for, longer than it may.
    await sql.execute('LOCK TABLE gateway.remediation_requests IN ACCESS EXCLUSIVE MODE');
    const reply = await deliver(gateway, webhook([taken, waiting]));
    expect([reply.status, reply.body.error?.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
  });
  await blocker.close();
  const reason = 'gateway_requests_rejected_total{reason="store_unavailable"}';
  expect(await metric(gateway, reason)).toBe(1);
  expect(await metric(gateway, 'gateway_crd_creation_errors_total')).toBeGreaterThan(0);
  const again = await deliver(gateway, webhook([taken, waiting]));
  expect(again.body.results?.map(({ status }) => status)).toEqual(['duplicate', 'created']);
});

it.each([
  'gateway_alerts_received_total',
  'gateway_alerts_deduplicated_total',
  'gateway_alert_storms_detected_total',
  'gateway_crds_created_total',
  'gateway_crd_creation_errors_total',
  'gateway_duplicate_crds_prevented_total',
  'gateway_redis_outage_count',
  'gateway_redis_outage_duration_seconds_total',
  'gateway_requests_rejected_total{reason="redis_unavailable"}',
  'gateway_requests_rejected_total{reason="unauthorized"}',
  'gateway_consecutive_503_responses',
  'http_request_duration_seconds_count{method="POST",route="/api/v1/signals/prometheus",status="503"}',
])('%s is zero from the start', async (line) => {
  expect(await metric(fresh, line)).toBe(0);
});
