import { describeFallback, kebabCase, resolveFallback } from '@secureconnect/degraded-mode';
import type { Findings } from '@secureconnect/degraded-mode/testing';
import { expect } from 'vitest';
import { defaultSettings } from '../support/default-settings.ts';
import type { ServiceName } from '../support/stack.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { DependencyFrames } from './dependency-frames.ts';
import { rowsOn } from './dependency-matrix.ts';
import { backedPorts, declaredOutage } from './dependency-outcome.ts';
import { type DependencyFault, type DependencyScene, faultName } from './dependency-scene.ts';
import {
  metricsOf,
  prepare,
  type Ready,
  rowMet,
  sampleOf,
  send,
  type Trial,
  untilDegraded,
} from './dependency-trial.ts';
import { timesHappened } from './effects.ts';
import { runReachedFault } from './reached-fault.ts';
import { rowName, type TableRow } from './tables.ts';
import { upgradeCases } from './upgrade-cases.ts';
import { bothWays, eachOneWay, type SentCase } from './ways.ts';
import { createWorld } from './world.ts';

/** What is sent at the moment of a fault, and while it lasts. */
interface Phases {
  readonly atOnce: readonly SentCase[];
  readonly throughout: readonly SentCase[];
}

/**
 * The rows that use a dependency, under each of its faults in turn; tells what it sees.
 *
 * @param findingsOf what was seen under a fault, by its name in the matrix
 * @param ways whether each sample is sent both ways throughout the first fault; it goes one way at
 * once and the other way throughout in all others
 */
export async function runDependencyFaults(
  scene: DependencyScene,
  rows: readonly TableRow[],
  findingsOf: (fault: string) => Findings,
  ways: 'both' | 'one' = 'both',
): Promise<void> {
  await using parts = new AsyncDisposableStack();
  const { stack, switches, mirror } = await scene.open(parts);
  const sql = parts.adopt(openTestDatabase(stack.databaseUrl), (one) => one.close());
  const count: Trial['count'] = async (effects) => {
    if (effects.length > 0) await mirror?.();
    return timesHappened(sql, effects);
  };
  const all = [...bothWays(rows), ...upgradeCases(rows)];
  const run = async (named: DependencyFault): Promise<void> => {
    const { dependency, name, reached } = named;
    const made = switches[name];
    if (made === undefined) throw new Error(`nothing makes the fault "${name}"`);
    const fault = { ...named, ...made };
    const findings = findingsOf(faultName(named));
    const trial = { stack, count, fault, findings, dependency };
    const using = rowsOn(dependency, scene, rows);
    const met = all.filter((one) => rowMet(using, one) !== undefined);
    const cases = scene.samples === 'one' ? firstOfEach(using, met) : met;
    if (reached !== undefined) return runReachedFault(trial, using, { cases, reached });
    const atOnce = eachOneWay(cases, 0);
    const isFirst = named === scene.faults[0];
    const throughout = isFirst && ways === 'both' ? cases : eachOneWay(cases, 1);
    return runFault(trial, using, { atOnce, throughout });
  };
  const { faults } = scene;
  for (const fault of faults.filter(({ reached }) => reached === undefined)) await run(fault);
  // Each waits for time limits, and no other dependency is touched.
  const waiting = faults.filter(({ reached }) => reached !== undefined);
  const byDependency = Map.groupBy(waiting, ({ dependency }) => dependency);
  await Promise.all(
    [...byDependency.values()].map(async (some) => {
      for (const fault of some) await run(fault);
    }),
  );
}

/**
 * Requests at the moment of a fault, throughout and after it. What was refused is sent again, and
 * has happened once then.
 */
async function runFault(trial: Trial, rows: readonly TableRow[], cases: Phases): Promise<void> {
  const { stack, fault } = trial;
  const atOnce = await prepare(trial, rows, cases.atOnce);
  const throughout = await prepare(trial, rows, cases.throughout);
  using frames = await DependencyFrames.open(createWorld(stack), rows, trial);

  await fault.begin(stack);
  const refused = await send(trial, 'at once', atOnce, 'either');
  const services = new Set(rows.map(({ service }) => service));
  await untilDegraded(trial, services, '1');
  const before = await fallbackCounts(trial, services);
  refused.push(...(await send(trial, 'throughout', throughout, 'degraded')));
  const after = await fallbackCounts(trial, services);
  judgeCounts(trial, throughout, before, after);
  await frames?.expectRefused();
  await judgeLiveTable(trial, rows);

  await fault.end(stack);
  await untilDegraded(trial, services, '0');
  await send(trial, 'again', refused, 'normal');
  await frames?.expectServed();
}

function firstOfEach(rows: readonly TableRow[], cases: readonly SentCase[]): readonly SentCase[] {
  return rows.flatMap((row) => cases.find((one) => rowMet([row], one) !== undefined) ?? []);
}

type Counts = ReadonlyMap<string, number>;

async function fallbackCounts(
  { stack, dependency }: Trial,
  services: Iterable<ServiceName>,
): Promise<Counts> {
  const counts = new Map<string, number>();
  const labels = `dependency="${dependency}",route="(.+?)",port="(\\w+)",fallback="(\\w+)"`;
  const line = new RegExp(`^dependency_fallbacks_total\\{${labels}\\} (\\d+)$`, 'gm');
  for (const service of services) {
    for (const [, route, port, kind, count] of (await metricsOf(stack, service)).matchAll(line)) {
      counts.set(`${service} ${route} ${port} ${kind}`, Number(count));
    }
  }
  return counts;
}

/** Each declared fallback was counted under its row while its requests were served. */
function judgeCounts(
  { dependency, findings }: Trial,
  ready: readonly Ready[],
  before: Counts,
  after: Counts,
): void {
  for (const each of ready) {
    const { row } = each;
    const { ports } = declaredOutage(row.policy, dependency, sampleOf(each), defaultSettings);
    for (const { port, fallback } of ports) {
      const key = `${rowName(row)} ${port} ${fallback.kind}`;
      if ((after.get(key) ?? 0) > (before.get(key) ?? 0)) continue;
      findings.wrong(rowName(row), `not counted: ${port}=${fallback.kind}`);
    }
  }
}

interface Served {
  readonly degraded: boolean;
  readonly dependencies?: Readonly<Record<string, { readonly breaker: string }>>;
  readonly rows: readonly {
    readonly route: string;
    readonly mode: string;
    readonly ports: Readonly<Record<string, string>>;
    readonly backed_by?: Readonly<Record<string, string>>;
  }[];
}

/** `GET /v1/degraded` names the dependency, and shows each row's declaration and its mode. */
async function judgeLiveTable({ stack, dependency, findings }: Trial, rows: readonly TableRow[]) {
  for (const row of rows) {
    const reply = await fetch(`${stack.urls[row.service]}/v1/degraded`);
    const { data } = (await reply.json()) as { data: Served };
    const found = data.rows.find(({ route }) => route === row.policy.route);
    const declared = Object.entries(backedPorts(row.policy, dependency)).map(
      ([port, one]) => [port, resolveFallback(one, defaultSettings)] as const,
    );
    const isClosed = declared.some(
      ([, one]) => one.kind === 'failClosed' && one.checkedAt !== 'call',
    );
    const texts = declared.map(([port, one]) => [kebabCase(port), describeFallback(one)]);
    const must = {
      mode: isClosed ? 'fail_closed' : 'fail_open',
      ports: Object.fromEntries(texts),
      backed_by: Object.fromEntries(declared.map(([port]) => [kebabCase(port), dependency])),
    };
    await findings.attempt(rowName(row), async () => {
      expect(data.dependencies?.[dependency]?.breaker, '/v1/degraded').not.toBe('closed');
      expect(data.degraded, '/v1/degraded').toBe(true);
      expect(found, '/v1/degraded').toMatchObject(must);
    });
  }
}
