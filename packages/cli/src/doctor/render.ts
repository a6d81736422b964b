import type { Outcome } from './outcome.ts';
import { type CheckResult, passes } from './run-checks.ts';

/** What the doctor does to a deployment, printed with its results. */
const promise =
  'The doctor only reads, except for an object of its own in the bucket, or a file in the directory, ' +
  'which it deletes, and an allocation at the TURN server, which it gives back.';

const nameWidth = 22;
const statusWidth = 8;

/** One line for each check, then how many there are of each status. */
export function linesOf(results: readonly CheckResult[]): string[] {
  const lines = results.map(
    ({ check, outcome }) =>
      `${outcome.status.padEnd(statusWidth)}${check.padEnd(nameWidth)}${sentence(outcome)}`,
  );
  return [...lines, '', summary(results), promise];
}

/** The same for programs. */
export function reportOf(results: readonly CheckResult[]) {
  const checks = results.map(({ check, outcome }) => ({ check, ...outcome }));
  return { ok: passes(results), checks };
}

function sentence(outcome: Outcome): string {
  switch (outcome.status) {
    case 'ok':
      return outcome.found;
    case 'skipped':
      return outcome.why;
    default:
      return `${outcome.found}. Expected: ${outcome.expected}. ${outcome.action}`;
  }
}

function summary(results: readonly CheckResult[]): string {
  const count = (status: Outcome['status']): string =>
    `${results.filter(({ outcome }) => outcome.status === status).length} ${status}`;
  return `${results.length} checks: ${count('ok')}, ${count('warn')}, ${count('fail')}, ${count('skipped')}.`;
}
