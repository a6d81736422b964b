import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from '@secureconnect/postgres';
import { defaultKeyPrefix, openRedis, redisMode } from '@secureconnect/redis';
import { createLogger } from '@secureconnect/service';
import { allRedisFaults, eventually } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { postgresSink } from '../src/signals/postgres/postgres-sink.ts';
import { createDeduplication } from '../src/signals/redis/deduplication.ts';
import { signalScripts } from '../src/signals/redis/signal-scripts.ts';
import { activeRequests, alert, deliver, metric, webhook } from './deliver.ts';
import { startGateway, type TestGateway } from './harness.ts';
import { draft, signal } from './sink-signals.ts';

async function twoGateways(stack: AsyncDisposableStack): Promise<[TestGateway, TestGateway]> {
  const one = stack.use(await startGateway());
  const other = stack.use(await startGateway({ sharedWith: one }));
  await Promise.all([one.untilDegraded(false), other.untilDegraded(false)]);
  return [one, other];
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  const weighed = items.map((item) => ({ item, weight: Math.random() }));
  return weighed.sort((a, b) => a.weight - b.weight).map(({ item }) => item);
}

/** Sends an alert as Alertmanager does: again after every 5xx, to whichever gateway. */
async function insist(gateways: readonly TestGateway[], one: object): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const [gateway] = shuffled(gateways);
    if (gateway === undefined) throw new Error('there is no gateway');
    const { status, text } = await deliver(gateway, webhook([one]));
    if (status === 201 || status === 202) return;
    if (status < 500 || attempt > 200) throw new Error(`answered ${status}: ${text}`);
    await delay(50 + 100 * Math.random());
  }
}

describe.each(allRedisFaults)('two gateways, while Redis is $name', (fault) => {
  it('give 50 alerts 50 requests, however often and wherever they arrive', {
    timeout: 120_000,
  }, async () => {
    await using stack = new AsyncDisposableStack();
    const gateways = await twoGateways(stack);
    const alerts = Array.from({ length: 50 }, () => alert());
    const deliveries = shuffled(Array.from({ length: 10 }, () => alerts).flat());
    const sending = Array.from({ length: 16 }, async () => {
      for (let next = deliveries.pop(); next !== undefined; next = deliveries.pop()) {
        await insist(gateways, next);
      }
    });
    const { database } = gateways[0];
    await eventually(async () => {
      expect((await activeRequests(database)).size).toBeGreaterThan(10);
    });
    await fault.prepare?.(gateways[0].redis);
    await fault.begin(gateways[0].redis);
    await gateways[0].untilDegraded(true);
    await fault.end(gateways[0].redis);
    await Promise.all(sending);
    const active = await activeRequests(database);
    expect(active.size).toBe(50);
    expect([...active.values()].every((count) => count === 1)).toBe(true);
    const [row] = await database.query<{ count: string }>(
      'SELECT count(*) FROM gateway.remediation_requests',
    );
    expect(Number(row?.count)).toBe(50);
  });
});

describe('a gateway that ends', () => {
  /** What a gateway that crashed has left in Redis. */
  async function reservedBySomebody(stack: AsyncDisposableStack, gateway: TestGateway) {
    const config = {
      address: { kind: 'single', url: gateway.redis.url },
      keyPrefix: defaultKeyPrefix,
      fallbackEnabled: true,
      statelessAuth: false,
      healthCheckIntervalSeconds: 10,
      bootWaitSeconds: 1,
    } as const;
    const log = createLogger({ service: 'crashed', level: 'silent' });
    const redis = openRedis({ config, mode: redisMode('crashed', config), log });
    stack.defer(() => redis.close());
    await redis.start();
    const scripts = signalScripts(redis.commands);
    return createDeduplication(redis.commands.keyspace, scripts).redis;
  }

  const claimOf = (fingerprint: string) => ({
    ...{ fingerprint, token: randomUUID(), newWindowId: randomUUID() },
    sighting: { signalName: randomUUID(), occurrence: '1', resource: 'one' },
  });

  it('between reservation and request delays an alert for seconds, and no longer', async () => {
    await using stack = new AsyncDisposableStack();
    const gateway = stack.use(await startGateway());
    const firing = alert();
    const { fingerprint } = (await deliver(gateway, webhook([{ ...firing, status: 'resolved' }])))
      .body;
    const crashed = await reservedBySomebody(stack, gateway);
    await crashed.reserve(claimOf(fingerprint ?? ''));
    const held = await deliver(gateway, webhook([firing]));
    expect([held.status, held.headers.get('retry-after')]).toEqual([503, '1']);
    const reason = 'gateway_requests_rejected_total{reason="reservation_held"}';
    expect(await metric(gateway, reason)).toBe(1);
    await eventually(
      async () => expect((await deliver(gateway, webhook([firing]))).status).toBe(201),
      { timeoutMs: 10_000 },
    );
    expect(await activeRequests(gateway.database)).toEqual(new Map([[fingerprint, 1]]));
  });

  it('between request and commit leaves one request, which the next delivery finds', async () => {
    await using stack = new AsyncDisposableStack();
    const gateway = stack.use(await startGateway());
    const { labels } = alert();
    const one = signal({ name: String(labels['alertname']) });
    const crashed = await reservedBySomebody(stack, gateway);
    await crashed.reserve(claimOf(one.fingerprint));
    const database = openDatabase({ url: gateway.databaseUrl, maxConnections: 1 });
    stack.defer(() => database.close());
    const { name } = await postgresSink(database).open(draft(one));
    const again = alert({ alertname: one.name });
    const found = await eventually(
      async () => {
        const reply = await deliver(gateway, webhook([again]));
        expect(reply.status).toBe(202);
        return reply.body;
      },
      { timeoutMs: 10_000 },
    );
    expect(found).toMatchObject({ status: 'duplicate', remediationRequestName: name });
    // Redis is asked after the reply.
    await eventually(async () => {
      expect(await metric(gateway, 'gateway_duplicate_crds_prevented_total')).toBe(1);
    });
  });

  it('in the middle of many deliveries leaves each alert one request', {
    timeout: 60_000,
  }, async () => {
    await using stack = new AsyncDisposableStack();
    const [staying, ending] = await twoGateways(stack);
    const alerts = Array.from({ length: 40 }, () => alert());
    const taken = Promise.allSettled(alerts.map((one) => deliver(ending, webhook([one]))));
    await eventually(async () => {
      expect((await activeRequests(staying.database)).size).toBeGreaterThan(5);
    });
    await ending.close();
    await taken;
    for (const one of alerts) await insist([staying], one);
    const active = await activeRequests(staying.database);
    expect(active.size).toBe(40);
    expect([...active.values()].every((count) => count === 1)).toBe(true);
  });
});
