import { performance } from 'node:perf_hooks';
import type { Outcome, Step, StepReport } from './step.ts';

/** Is called when a step begins and when it has ended. */
export interface Progress {
  started(step: Step): void;
  ended(report: StepReport): void;
}

async function outcomeOfStep(step: Step): Promise<Outcome> {
  try {
    return await step.run();
  } catch (error) {
    // A step that cannot run has failed; the others still run.
    return { status: 'failed', output: error instanceof Error ? String(error.stack) : `${error}` };
  }
}

/**
 * Runs every step, at most `parallel` at a time, even if others fail.
 *
 * @returns one report per step, in the order of `steps`.
 */
export async function runSteps(
  steps: readonly Step[],
  parallel: number,
  progress: Progress,
): Promise<readonly StepReport[]> {
  const reports = new Map<Step, StepReport>();
  const waiting = steps.values();
  async function work(): Promise<void> {
    for (const step of waiting) {
      progress.started(step);
      const startedAt = performance.now();
      const outcome = await outcomeOfStep(step);
      const report = { name: step.name, outcome, elapsedMs: performance.now() - startedAt };
      reports.set(step, report);
      progress.ended(report);
    }
  }
  await Promise.all(Array.from({ length: parallel }, work));
  return steps.flatMap((step) => reports.get(step) ?? []);
}
