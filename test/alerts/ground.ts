import type { Database } from '@secureconnect/postgres';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import {
  alertmanagerSkipReason,
  backendScripts,
  eventually,
  freePort,
  prometheusSkipReason,
  type SentinelSet,
  startSentinelSet,
  type TestAlertmanager,
  type TestPrometheus,
  type TestReceiver,
  testAlertmanager,
  testPrometheus,
} from '@secureconnect/testkit';
import { signalsToken } from '../support/stack.ts';
import { openTestDatabase } from '../support/test-database.ts';
import type { Alarm } from './alarm.ts';
import { type Exporter, ruleOf, startExporter } from './exporter.ts';
import { type AlertGateway, startAlertGateway, webhookAt } from './gateway.ts';
import { servers } from './redis-node.ts';

/** Why these tests are left out; '' where everything is there. */
export const groundSkipReason =
  (backendScripts() === undefined ? ' (left out: set SECURECONNECT_BACKENDS)' : '') ||
  alertmanagerSkipReason ||
  prometheusSkipReason;

/** An alert's whole way, on real parts, from a gauge to a row. */
export interface Ground extends AsyncDisposable {
  readonly exporter: Exporter;
  readonly prometheus: TestPrometheus;
  /** It delivers every alert to both gateways, as a pair of Alertmanagers would. */
  readonly alertmanager: TestAlertmanager;
  readonly gateways: readonly AlertGateway[];
  readonly redis: SentinelSet;
  readonly database: Database;
}

/** A master that is silent for so long is replaced: a fifth of what production has. */
const downAfterMs = 1000;

/** Starts it, which takes some six seconds. `alarms` are those that Prometheus may fire. */
export async function startGround(alarms: readonly Alarm[]): Promise<Ground> {
  await using parts = new AsyncDisposableStack();
  const ports = [await freePort(), await freePort()];
  // These first: a Prometheus finds its targets five seconds after its start.
  const exporter = parts.use(await startExporter());
  const alertmanager = parts.use(await testAlertmanager([receiverAt(ports)]));
  const prometheus = parts.use(
    await testPrometheus({
      targets: [exporter.address],
      alertmanager: alertmanager.address,
      rules: alarms.map(ruleOf),
    }),
  );
  const redis = await startRedis(parts);
  const { url: databaseUrl } = parts.use(
    // What the gateway keeps, and what it is shown of auth.
    await migratedDatabase(['auth', 'gateway']),
  );
  const database = openTestDatabase(databaseUrl);
  parts.defer(() => database.close());
  const environment = {
    DATABASE_URL: databaseUrl,
    REDIS_SENTINELS: redis.sentinels,
    REDIS_MASTER_NAME: redis.masterName,
  };
  const gateways: AlertGateway[] = [];
  for (const port of ports) gateways.push(parts.use(await startAlertGateway(port, environment)));
  await eventually(() => Promise.all(gateways.map(ready)), { timeoutMs: 20_000 });
  const owned = parts.move();
  return {
    exporter,
    prometheus,
    alertmanager,
    gateways,
    redis,
    database,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function receiverAt(ports: readonly number[]): TestReceiver {
  return {
    name: 'secureconnect',
    urls: ports.map(webhookAt),
    token: signalsToken,
    groupBy: ['namespace'],
    groupIntervalSeconds: 1,
    repeatIntervalSeconds: 2,
  };
}

async function startRedis(parts: AsyncDisposableStack): Promise<SentinelSet> {
  const scripts = backendScripts();
  if (scripts === undefined) throw new Error('SECURECONNECT_BACKENDS is not set.');
  const redis = parts.use(await startSentinelSet(scripts, { downAfterMs }));
  // One that a failed test has left frozen would not see that it is to stop.
  parts.defer(() => thawAll(redis));
  return redis;
}

async function thawAll(redis: SentinelSet): Promise<void> {
  // Of one that was killed there is no process any more.
  for (const node of servers) await redis.signal(node, 'SIGCONT').catch(() => undefined);
}

async function ready({ url }: AlertGateway): Promise<void> {
  const reply = await fetch(`${url}/ready`);
  const { redis } = (await reply.json()) as { redis: string };
  if (redis !== 'ok') throw new Error('the gateway has no Redis yet');
}
