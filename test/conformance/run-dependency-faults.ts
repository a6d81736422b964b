import { describeFallback, kebabCase, resolveFallback } from '@secureconnect/degraded-mode';
import type { Findings } from '@secureconnect/degraded-mode/testing';
import { eventually, type StoredEffect } from '@secureconnect/testkit';
import { expect } from 'vitest';
import { defaultSettings } from '../support/default-settings.ts';
import type { ServiceName, Stack } from '../support/stack.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { DependencyFrames } from './dependency-frames.ts';
import { rowsOn } from './dependency-matrix.ts';
import { backedPorts, declaredOutage, wrongDuringOutage } from './dependency-outcome.ts';
import {
  type DependencyFault,
  type DependencyScene,
  type FaultSwitch,
  faultName,
} from './dependency-scene.ts';
import { effectsOf, timesHappened, wrongAboutSkips, wrongStored } from './effects.ts';
import type { Expected } from './outcome.ts';
import { sendSample } from './send-sample.ts';
import { rowName, type TableRow } from './tables.ts';
import { bothWays, eachOneWay, type SentCase } from './ways.ts';
import { createWorld } from './world.ts';

/** A request made ready before the fault. */
interface Ready {
  readonly row: TableRow;
  readonly one: SentCase;
  readonly request: Awaited<ReturnType<SentCase['sample']['prepare']>>;
}

/** What is sent at the moment of a fault, and while it lasts. */
interface Phases {
  readonly atOnce: readonly SentCase[];
  readonly throughout: readonly SentCase[];
}

interface Trial {
  readonly stack: Stack;
  /** How often effects have happened so far. */
  readonly count: (effects: readonly StoredEffect[]) => Promise<number[]>;
  readonly fault: DependencyFault & FaultSwitch;
  /** That of the fault. */
  readonly dependency: string;
  readonly findings: Findings;
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
  const all = bothWays(rows);
  for (const [index, named] of scene.faults.entries()) {
    const { dependency, name } = named;
    const made = switches[name];
    if (made === undefined) throw new Error(`nothing makes the fault "${name}"`);
    const fault = { ...named, ...made };
    const findings = findingsOf(faultName(named));
    const trial = { stack, count, fault, findings, dependency };
    const using = rowsOn(dependency, scene, rows);
    const met = all.filter((one) => rowMet(using, one) !== undefined);
    const cases = scene.samples === 'one' ? firstOfEach(using, met) : met;
    const atOnce = eachOneWay(cases, 0);
    const throughout = index === 0 && ways === 'both' ? cases : eachOneWay(cases, 1);
    await runFault(trial, using, { atOnce, throughout });
  }
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

/** The row among these that a sample meets: the one that serves it, or the one that passes it on. */
function rowMet(rows: readonly TableRow[], { served, passed }: SentCase): TableRow | undefined {
  return rows.find((row) => row === served || row === passed);
}

function firstOfEach(rows: readonly TableRow[], cases: readonly SentCase[]): readonly SentCase[] {
  return rows.flatMap((row) => cases.find((one) => rowMet([row], one) !== undefined) ?? []);
}

async function prepare(
  { stack }: Trial,
  rows: readonly TableRow[],
  cases: readonly SentCase[],
): Promise<Ready[]> {
  const world = createWorld(stack);
  return Promise.all(
    cases.map(async (one) => {
      const row = rowMet(rows, one);
      if (row === undefined) throw new Error(`a ${one.method} request meets no row`);
      return { row, one, request: await one.sample.prepare(world) };
    }),
  );
}

async function send(
  { stack, count, fault, dependency, findings }: Trial,
  phase: string,
  ready: readonly Ready[],
  expected: Expected,
): Promise<Ready[]> {
  const refused: Ready[] = [];
  for (const each of ready) {
    const { row, one, request } = each;
    const declared = declaredOutage(row.policy, dependency, sampleOf(each), defaultSettings);
    await findings.attempt(rowName(row), async () => {
      const effects = effectsOf(one.method, request) ?? [];
      const unsaid = wrongAboutSkips(row, declared.ports, effects);
      if (unsaid !== undefined) throw new Error(unsaid);
      const happenedBefore = await count(effects);
      const outcome = await sendSample(stack.urls[one.to], one.method, request);
      if (outcome.status === 503) refused.push(each);
      const happened = { before: happenedBefore, after: await count(effects) };
      const wrong = [
        wrongDuringOutage(expected, declared, outcome),
        wrongStored(effects, happened, outcome),
      ].filter((what) => what !== undefined);
      if (wrong.length > 0)
        throw new Error(`${fault.name}, ${phase}, sent to ${one.to}: ${wrong.join('; ')}`);
    });
  }
  return refused;
}

/** The ports of a sample are those of the row that serves it. */
function sampleOf({ row, one: { sample, served } }: Ready): Parameters<typeof declaredOutage>[2] {
  return row === served ? sample : { status: sample.status };
}

async function metricsOf(stack: Stack, service: ServiceName): Promise<string> {
  return (await fetch(`${stack.urls[service]}/metrics`)).text();
}

async function untilDegraded(
  { stack, dependency }: Trial,
  services: Iterable<ServiceName>,
  value: '0' | '1',
): Promise<void> {
  for (const service of services) {
    const line = new RegExp(
      `^dependency_degraded_mode\\{service="[\\w-]+",dependency="${dependency}"\\} (\\d)$`,
      'm',
    );
    await eventually(
      async () => expect(line.exec(await metricsOf(stack, service))?.[1]).toBe(value),
      { timeoutMs: 15_000 },
    );
  }
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
