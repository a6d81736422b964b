import type { Findings } from '@secureconnect/degraded-mode/testing';
import { eventually, type StoredEffect } from '@secureconnect/testkit';
import { expect } from 'vitest';
import { defaultSettings } from '../support/default-settings.ts';
import type { ServiceName, Stack } from '../support/stack.ts';
import { declaredOutage, wrongDuringOutage } from './dependency-outcome.ts';
import type { DependencyFault, FaultSwitch } from './dependency-scene.ts';
import { effectsOf, wrongAboutSkips, wrongStored } from './effects.ts';
import type { Expected, Outcome } from './outcome.ts';
import { sendSample } from './send-sample.ts';
import { upgradeReply } from './socket-scene.ts';
import { rowName, type TableRow } from './tables.ts';
import type { SentCase } from './ways.ts';
import { createWorld } from './world.ts';

/** A request made ready before the fault. */
export interface Ready {
  readonly row: TableRow;
  readonly one: SentCase;
  readonly request: Awaited<ReturnType<SentCase['sample']['prepare']>>;
}

/** One fault of a started stack. */
export interface Trial {
  readonly stack: Stack;
  /** How often effects have happened so far. */
  readonly count: (effects: readonly StoredEffect[]) => Promise<number[]>;
  readonly fault: DependencyFault & FaultSwitch;
  /** That of the fault. */
  readonly dependency: string;
  readonly findings: Findings;
}

/** The row among these that a sample meets: the one that serves it, or the one that passes it on. */
export function rowMet(
  rows: readonly TableRow[],
  { served, passed }: SentCase,
): TableRow | undefined {
  return rows.find((row) => row === served || row === passed);
}

/** Makes the requests of these cases. */
export async function prepare(
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

/** Sends one request, or asks for its socket. */
export function sendReady({ stack }: Trial, { one, request }: Ready): Promise<Outcome> {
  const url = stack.urls[one.to];
  if (one.method !== 'WS') return sendSample(url, one.method, request);
  return upgradeReply(`${url}${request.path}`, request.token ?? '');
}

/** Sends requests one after another, and judges them; returns what was refused. */
export async function send(
  trial: Trial,
  phase: string,
  ready: readonly Ready[],
  expected: Expected,
): Promise<Ready[]> {
  const { count, fault, dependency, findings } = trial;
  const refused: Ready[] = [];
  for (const each of ready) {
    const { row, one, request } = each;
    const declared = declaredOutage(row.policy, dependency, sampleOf(each), defaultSettings);
    await findings.attempt(rowName(row), async () => {
      const effects = effectsOf(one.method, request) ?? [];
      const unsaid = wrongAboutSkips(row, declared.ports, effects);
      if (unsaid !== undefined) throw new Error(unsaid);
      const happenedBefore = await count(effects);
      const outcome = await sendReady(trial, each);
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
export function sampleOf({
  row,
  one: { sample, served },
}: Ready): Parameters<typeof declaredOutage>[2] {
  return row === served ? sample : { status: sample.status };
}

export async function metricsOf(stack: Stack, service: ServiceName): Promise<string> {
  return (await fetch(`${stack.urls[service]}/metrics`)).text();
}

/** Waits until services say that the dependency is down (1), or up (0). */
export async function untilDegraded(
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
