import type { History, Operation } from './history.ts';
import { applicationTotals } from './invariants/applications.ts';
import type { Invariant, Verdict } from './invariants/index.ts';
import type { Profile } from './profile.ts';

/** A table of operations by outcome, most frequent outcome first. */
export function outcomeTable(operations: readonly Operation[]): string[] {
  const byName = [...Map.groupBy(operations, ({ name }) => name)].sort(([a], [b]) =>
    a.localeCompare(b),
  );
  return byName.map(([name, own]) => {
    const counts = [...Map.groupBy(own, outcomeOf)].sort(([, a], [, b]) => b.length - a.length);
    const outcomes = counts.map(([outcome, { length }]) => `${outcome} × ${length}`).join(', ');
    return `  ${name.padEnd(20)}${String(own.length).padStart(6)}  ${outcomes}`;
  });
}

function outcomeOf({ status, degraded }: Operation): string {
  const shown = status === 0 ? 'no reply' : String(status);
  return degraded === null ? shown : `${shown} degraded`;
}

const shownAtMost = 10;

/** Whether a run of a profile fails by this: it is broken, or was to be tried and was not. */
export function isFailed(invariant: Invariant, verdict: Verdict, profile: Tried): boolean {
  if (verdict.broken.length > 0) return true;
  return verdict.judged === 0 && !profile.untried.includes(invariant);
}

type Tried = Pick<Profile, 'untried'>;

/** A line for an invariant, and the first of what broke it. */
export function verdictLines(invariant: Invariant, verdict: Verdict, profile: Tried): string[] {
  const { name } = invariant;
  const { broken, judged, seen } = verdict;
  if (broken.length === 0) {
    if (judged > 0) return [`✓ ${name} (${seen})`];
    const isUntried = !isFailed(invariant, verdict, profile);
    return [isUntried ? `– ${name}: not in this profile` : `✗ ${name} (${seen}): judged nothing`];
  }
  const more = broken.length > shownAtMost ? [`    … and ${broken.length - shownAtMost} more`] : [];
  return [
    `✗ ${name} (${seen}): broken ${broken.length} times`,
    ...broken.slice(0, shownAtMost).map((line) => `    ${line}`),
    ...more,
  ];
}

/** What the apps of a run come to; undefined where nobody wrote with one. */
export function applicationLine(history: History): string | undefined {
  const { users, said, heard, lost, doubled } = applicationTotals(history);
  if (users === 0) return undefined;
  const gone = `${lost.length} lost, ${doubled.length} doubled`;
  return `through the client: ${users} users, ${said} messages said, ${heard} heard, ${gone}`;
}

/** The history as JSON, for looking into a break. */
export function historyJson(history: History): string {
  const plain = (_: string, value: unknown) => (value instanceof Map ? [...value] : value);
  return JSON.stringify(history, plain, 1);
}
