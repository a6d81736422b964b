import { backendScripts, startSentinelSet, testPostgres, testRedis } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { checkHistory, goSkipReason } from './check-history.ts';
import { type Fault, redisSet, singleRedis } from './redis-ground.ts';
import { faultsFound, reportLines } from './report.ts';
import { type DeliveriesOptions, runDeliveries } from './run-deliveries.ts';
import { storedRequests } from './stored-requests.ts';

const size = { seed: '1', alerts: 500, resolved: 100 };
const timeout = 400_000;

async function judged(options: Omit<DeliveriesOptions, 'announce'>) {
  const run = await runDeliveries({ ...options, announce: () => undefined });
  const verdict = goSkipReason === '' ? await checkHistory(run.history) : undefined;
  const findings = { run, stored: await storedRequests(options.databaseUrl), verdict };
  process.stdout.write(`${['', ...reportLines(findings)].join('\n')}\n`);
  return findings;
}

/** Without Go the counts are judged still, and the histories are not. */
const unchecked = goSkipReason === '' ? '' : ' (histories not checked: there is no Go)';
const named = (faults: readonly Fault[]) => faults.map(({ name }) => `Redis is ${name}`);

it(`ten thousand deliveries at two gateways give 500 alerts one request each, whatever happens to Redis and to a gateway${unchecked}`, {
  timeout,
}, async () => {
  await using database = await testPostgres();
  await using redis = await testRedis();
  const ground = singleRedis(redis);
  const options = { ...size, deliveries: 10_000, ground, databaseUrl: database.url };
  const findings = await judged(options);
  expect(faultsFound(findings)).toEqual([]);
  const { run } = findings;
  expect([...run.crashes]).toEqual([
    // Nobody else has delivered them: the request is that of the gateway that was killed, or new.
    ['its commit continues', 'duplicate'],
    ['its commit is lost', 'created'],
  ]);
  expect(run.faults).toEqual(expect.arrayContaining(named(ground.faults)));
  expect(run.statuses.get(503)).toBeGreaterThan(0);
  expect(run.statuses.get(0)).toBeGreaterThan(0);
});

const scripts = backendScripts();
const left =
  scripts === undefined ? ' (left out: needs SECURECONNECT_BACKENDS for sentinels)' : unchecked;

it.skipIf(scripts === undefined)(
  `and whatever a master of a Sentinel set fails over for${left}`,
  { timeout },
  async () => {
    await using database = await testPostgres();
    await using set = await startSentinelSet(scripts ?? '', { downAfterMs: 1000 });
    const ground = redisSet(set);
    const options = { ...size, deliveries: 4000, ground, databaseUrl: database.url };
    const findings = await judged(options);
    expect(faultsFound(findings)).toEqual([]);
    expect(findings.run.faults).toEqual(expect.arrayContaining(named(ground.faults)));
  },
);
