import type { Check } from './check.ts';
import type { Deployment } from './deployment.ts';
import { CannotLook, fail, type Outcome, skipped } from './outcome.ts';
import { redacted, redactor } from './redact.ts';
import { reasonOf } from './support/reason-of.ts';

/** The maximum of checks at a time. */
const maxConcurrent = 8;
const defaultTimeoutMs = 15_000;

export interface CheckResult {
  readonly check: string;
  readonly outcome: Outcome;
}

/**
 * Runs all checks side by side, at most eight at a time, and resolves to their results in the order of
 * `checks`. A check that has no result in time, or breaks, has failed: it is never `ok`.
 *
 * @param timeoutMs maximum duration of a check; default 15,000
 */
export async function runChecks(
  checks: readonly Check[],
  deployment: Deployment,
  { timeoutMs = defaultTimeoutMs }: { readonly timeoutMs?: number } = {},
): Promise<CheckResult[]> {
  const redact = redactor(deployment.settings);
  const results: CheckResult[] = [];
  const waiting = [...checks.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, check] = next;
      const outcome = await outcomeOf(check, deployment, timeoutMs);
      results[at] = { check: check.name, outcome: redacted(outcome, redact) };
    }
  };
  await Promise.all(Array.from({ length: maxConcurrent }, worker));
  return results;
}

/** Whether a deployment passes: no check has failed. Warnings and skipped checks pass. */
export function passes(results: readonly CheckResult[]): boolean {
  return results.every(({ outcome }) => outcome.status !== 'fail');
}

async function outcomeOf(
  check: Check,
  deployment: Deployment,
  timeoutMs: number,
): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve(tooLate(timeoutMs)), timeoutMs);
  });
  try {
    return await Promise.race([check.run(deployment), late]);
  } catch (error) {
    if (error instanceof CannotLook) return skipped(error.message);
    return fail(
      `the check broke: ${reasonOf(error)}`,
      'a result',
      'Correct what the reason names, and run the doctor again; without such a reason, report it.',
    );
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(timeoutMs: number): Outcome {
  return fail(
    `no result within ${timeoutMs / 1000} s`,
    'an answer',
    'Look at the load of the server that this check asks, and at the network between it and here.',
  );
}
