import { eventually } from '@secureconnect/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { metric } from '../../services/gateway/test/deliver.ts';
import { type Alarm, fingerprintOf } from './alarm.ts';
import { type Ground, groundSkipReason } from './ground.ts';
import { aRoundAndMore, before, during, normalOperation, refusals } from './normal-operation.ts';
import { isRefused, isTaken, Phase, UsualPhase } from './phase.ts';
import { killNodes, startNodes } from './redis-node.ts';
import { ScenarioTable } from './table.ts';

const slow = { timeout: 180_000 };

const table = new ScenarioTable();
afterAll(() => table.print());

/** Alertmanager gives up a flush after ten seconds, and begins another one. */
async function outlastAFlush(): Promise<void> {
  await using parts = new AsyncDisposableStack();
  const [ground, ledger] = await normalOperation(parts);
  const { alertmanager, gateways, redis } = ground;
  await killNodes(redis, 1, 2, 3);
  const lasting = new Phase(ground);
  ledger.fire(during);
  await eventually(
    async () => {
      // Of both groups, to both gateways.
      const failed = await alertmanager.counted('alertmanager_notifications_failed_total');
      expect(failed).toBeGreaterThanOrEqual(2 * gateways.length);
    },
    { timeoutMs: 40_000 },
  );
  await table.record(
    'killed for longer than Alertmanager’s flush',
    lasting.replies,
    await ledger.counts(),
  );
  await startNodes(redis, 1, 2, 3);
  const counts = await ledger.untilTaken();
  await lasting.untilTaken(aRoundAndMore);
  await table.record('taken on its next flush', lasting.replies.filter(isTaken), counts);
  const count = await refusals(ground);
  const failed = await alertmanager.counted('alertmanager_notifications_failed_total');
  const all = await alertmanager.counted('alertmanager_notifications_total');
  table.note(
    `longer than a flush: Alertmanager got 503 ${count} times, and gave up ${failed} of ${all} flushes`,
  );
}

interface RequestRow {
  readonly name: string;
  readonly phase: string;
  readonly previous: string | null;
}

async function requestsOf({ database }: Ground, alarm: Alarm): Promise<readonly RequestRow[]> {
  return await database.query<RequestRow>(
    `SELECT name, overall_phase AS phase, previous_request AS previous
     FROM gateway.remediation_requests WHERE signal_fingerprint = $1 ORDER BY received_time`,
    [fingerprintOf(alarm)],
  );
}

async function resolveAndFireAgain(): Promise<void> {
  await using parts = new AsyncDisposableStack();
  const [ground, ledger] = await normalOperation(parts);
  const [again, over] = before;
  if (again === undefined || over === undefined) throw new Error('there are too few alarms');
  using phase = await UsualPhase.begin(ground);
  ledger.end([again]);
  await ledger.untilTaken();
  const [first] = await requestsOf(ground, again);
  ledger.fire([again]);
  const counts = await ledger.untilTaken();
  await phase.untilTaken(aRoundAndMore);
  await table.record('resolved, and fired again', await phase.normalReplies(), counts);
  expect(await requestsOf(ground, again)).toEqual([
    { name: first?.name, phase: 'Resolved', previous: null },
    { name: expect.any(String), phase: 'Pending', previous: first?.name },
  ]);

  await killNodes(ground.redis, 1, 2, 3);
  const lasting = new Phase(ground);
  ledger.end([over]);
  await lasting.untilRefused(1);
  await eventually(async () => expect(await ground.alertmanager.active()).toHaveLength(2));
  expect(await requestsOf(ground, over)).toMatchObject([{ phase: 'Pending' }]);
  await startNodes(ground.redis, 1, 2, 3);
  const mended = await ledger.untilTaken();
  expect(await requestsOf(ground, over)).toMatchObject([{ phase: 'Resolved' }]);
  await lasting.untilTaken(1);
  await table.record('resolved while all were killed', lasting.replies, mended);
  await refusals(ground);
}

/** The replicas never see what the master has acknowledged, and one of them becomes the master. */
async function forgetInAFailover(): Promise<void> {
  await using parts = new AsyncDisposableStack();
  const [ground, ledger] = await normalOperation(parts);
  const { gateways, redis } = ground;
  for (const replica of [2, 3] as const) await redis.signal(replica, 'SIGSTOP');
  const unseen = new Phase(ground);
  // A master misses a frozen replica only after two seconds.
  await ledger.post(during);
  await ledger.untilTaken();
  await unseen.untilTaken(1);
  expect(unseen.replies.filter(isRefused)).toEqual([]);
  await killNodes(redis, 1, 2, 3);
  // What was on its way to a replica has gone with its process.
  await startNodes(redis, 2, 3);
  const lasting = new Phase(ground);
  await lasting.untilTaken(1);
  using over = await UsualPhase.begin(ground);
  await over.untilTaken(aRoundAndMore);
  await table.record(
    'taken, and forgotten by Redis in a failover',
    await over.normalReplies(),
    await ledger.untilTaken(),
  );
  const prevented = await Promise.all(
    gateways.map((gateway) => metric(gateway, 'gateway_duplicate_crds_prevented_total')),
  );
  expect(prevented.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(during.length);
}

describe.skipIf(groundSkipReason !== '')(`Alertmanager’s deliveries${groundSkipReason}`, () => {
  it('come through an outage that is longer than its flush', slow, outlastAFlush);
  it('close a request, and later create a new one', slow, resolveAndFireAgain);
  it(
    'make no second request where a failover has lost what Redis had acknowledged',
    slow,
    forgetInAFailover,
  );
});
