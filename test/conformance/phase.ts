import type { Settings } from '@secureconnect/degraded-mode';
import type { Findings } from '@secureconnect/degraded-mode/testing';
import type { Sql } from '@secureconnect/postgres';
import type { SampleRequest, SampleWorld, StoredEffect } from '@secureconnect/testkit';
import type { RedisWatch } from '../support/redis-watch.ts';
import type { Stack } from '../support/stack.ts';
import { wrongOnAnyMachine } from './busy-machine.ts';
import { type Declared, declaredFor } from './declared.ts';
import { effectsOf, saysNothing, timesHappened, wrongAboutSkips, wrongStored } from './effects.ts';
import { type Expected, wrongOutcome } from './outcome.ts';
import { sendSample } from './send-sample.ts';
import { trySockets } from './socket-rows.ts';
import type { SocketScene } from './socket-scene.ts';
import { rowName, type TableRow } from './tables.ts';
import type { SentCase } from './ways.ts';

/** A request made ready before the fault, to be sent in some phase. */
export interface Ready {
  readonly one: SentCase;
  readonly request: SampleRequest;
  readonly declared: Declared;
  readonly effects: readonly StoredEffect[];
}

/** What is needed all through a mode. */
export interface Trial {
  readonly rows: readonly TableRow[];
  readonly findings: Findings;
  readonly scene: SocketScene;
  readonly world: SampleWorld;
  /** The way to what is stored that passes no service. */
  readonly sql: Sql;
  /** Sees whether Redis itself answers in time. */
  readonly watch: RedisWatch;
  /** The settings of the stack that fallbacks depend on. */
  readonly settings: Settings;
}

/** Many wait for a mail, which is sent within a second or so. */
const preparedAtATime = 24;

/** A request that only reads can be sent any number of times. */
export function onlyReads({ one }: Ready): boolean {
  return one.method === 'GET';
}

/**
 * Makes every case's request.
 * @param reusable what was made ready before, and is good once more
 */
export async function prepare(
  cases: readonly SentCase[],
  trial: Trial,
  reusable: readonly Ready[] = [],
): Promise<readonly Ready[]> {
  const ready: Ready[] = [];
  const made = new Map(reusable.map(({ one, request }) => [one.sample, request]));
  // Shared by all: each takes the next one that nobody has taken.
  const left = cases.entries();
  const takeAll = async (): Promise<void> => {
    for (const [index, one] of left) {
      ready[index] = await prepareOne(one, trial, made.get(one.sample));
    }
  };
  await Promise.all(Array.from({ length: preparedAtATime }, takeAll));
  return ready;
}

async function prepareOne(
  one: SentCase,
  { world, findings, settings }: Trial,
  made?: SampleRequest,
): Promise<Ready> {
  const request = made ?? (await one.sample.prepare(world));
  const effects = effectsOf(one.method, request);
  if (effects === undefined) findings.wrong(nameOf(one), saysNothing);
  const declared = declaredFor(one, request, settings);
  const { served } = one;
  if (served !== undefined && effects !== undefined) {
    const used = declared.counted.filter(({ row }) => row === served.policy);
    const wrong = wrongAboutSkips(served, used, effects);
    if (wrong !== undefined) findings.wrong(nameOf(one), wrong);
  }
  return { one, request, declared, effects: effects ?? [] };
}

/** The row that is judged by a case. */
function nameOf({ served, passed, method }: SentCase): string {
  const row = served ?? passed;
  if (row === undefined) throw new Error(`a ${method} request meets no row`);
  return rowName(row);
}

/** Sends requests one after another, then tries the sockets; returns what was refused. */
export async function phase(
  trial: Trial,
  stack: Stack,
  name: string,
  ready: readonly Ready[],
  expected: Expected,
): Promise<Ready[]> {
  const { rows, findings, scene, sql } = trial;
  const refused: Ready[] = [];
  for (const one of ready) {
    const { to, method, passed } = one.one;
    const way = to === 'gateway' ? ' by the gateway' : '';
    await findings.attempt(nameOf(one.one), async () => {
      if (passed !== undefined) findings.saw(rowName(passed));
      const before = await timesHappened(sql, one.effects);
      const startMs = performance.now();
      const outcome = await sendSample(stack.urls[to], method, one.request);
      const endMs = performance.now();
      if (outcome.status === 503) refused.push(one);
      const after = await timesHappened(sql, one.effects);
      const wrong = [
        await wrongOnAnyMachine(trial.watch, {
          ...{ expected, startMs, endMs },
          judge: (expectedThen, slowMs) =>
            wrongOutcome(expectedThen, one.declared, outcome, slowMs),
        }),
        wrongStored(one.effects, { before, after }, outcome),
      ].filter((what) => what !== undefined);
      if (wrong.length > 0) throw new Error(`${name}${way}: ${wrong.join('; ')}`);
    });
  }
  await trySockets({ stack, scene, rows, expected, findings, sql, watch: trial.watch });
  return refused;
}
