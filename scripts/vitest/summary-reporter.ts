import { writeSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Counts tests. A file or suite that fails outside its tests (it does not load, a hook throws) and
 * an error outside any test count as one failure each.
 */
export function summarize(
  modules: readonly Pick<TestModule, 'children' | 'errors'>[],
  unhandled: readonly unknown[],
): Summary {
  const counts = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 };
  for (const module of modules) {
    counts.failed += module.errors().length;
    for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
    for (const test of module.children.allTests()) counts[test.result().state] += 1;
  }
  const { pending, ...summary } = counts;
  return { ...summary, skipped: summary.skipped + pending }; // pending: the run was cut short
}

/** `N passed, N failed`, with `, N skipped` when there are any. */
export function summaryLine({ passed, failed, skipped }: Summary): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Prints the summary as the last line, after all other output. */
export default class SummaryReporter implements Reporter {
  #summary: Summary = { passed: 0, failed: 0, skipped: 0 };

  onInit(): void {
    process.once('exit', (code) => {
      const { failed } = this.#summary;
      // A run can fail outside the tests, in its set-up or because there is no test: never '0
      // failed'.
      const summary = { ...this.#summary, failed: code === 0 ? failed : Math.max(failed, 1) };
      writeSync(1, `${summaryLine(summary)}\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    this.#summary = summarize(modules, unhandled);
  }
}
