import { expect } from 'vitest';
import { wrongOnceReached } from './dependency-outcome.ts';
import type { ReachedOutcome } from './dependency-scene.ts';
import { metricsOf, prepare, type Ready, send, sendReady, type Trial } from './dependency-trial.ts';
import { effectsOf } from './effects.ts';
import { rowName, type TableRow } from './tables.ts';
import type { SentCase } from './ways.ts';

/**
 * Requests that reach a dependency and get no reply of it. All at once, as each may take the time
 * limit. The dependency counts as up. What has not happened is sent again, and has happened once then.
 */
export async function runReachedFault(
  trial: Trial,
  rows: readonly TableRow[],
  { cases, reached }: { readonly cases: readonly SentCase[]; readonly reached: ReachedOutcome },
): Promise<void> {
  const { stack, fault } = trial;
  const ready = await prepare(trial, rows, cases);
  await fault.begin(stack);
  await Promise.all(ready.map((each) => trySent(trial, each, reached)));
  await judgeUp(trial, rows);
  await fault.end(stack);
  await judgeUp(trial, rows);
  if (reached.happens === 0) await send(trial, 'again', ready, 'normal');
}

function trySent(trial: Trial, each: Ready, reached: ReachedOutcome): Promise<void> {
  const { count, fault, findings } = trial;
  const { row, one, request } = each;
  return findings.attempt(rowName(row), async () => {
    const effects = effectsOf(one.method, request) ?? [];
    const outcome = await sendReady(trial, each);
    const times = await count(effects);
    const wrong = wrongOnceReached(reached, outcome);
    if (wrong !== undefined) throw new Error(`${fault.name}, sent to ${one.to}: ${wrong}`);
    expect(times, fault.name).toEqual(effects.map(() => reached.happens));
  });
}

/** No row of the dependency is refused: it is there. */
async function judgeUp({ stack, dependency, findings }: Trial, rows: readonly TableRow[]) {
  for (const row of rows) {
    await findings.attempt(rowName(row), async () => {
      const metrics = await metricsOf(stack, row.service);
      const [, value] =
        new RegExp(`^dependency_degraded_mode\\{.*dependency="${dependency}"\\} (\\d)$`, 'm').exec(
          metrics,
        ) ?? [];
      expect(value, 'dependency_degraded_mode').toBe('0');
    });
  }
}
