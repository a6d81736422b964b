import { digits, table } from '../support/markdown.ts';
import { median } from '../support/statistics.ts';
import type { Footprint } from './measure.ts';
import { type SubjectName, subjectNames, subjectTitles } from './subject-names.ts';

export interface MemoryResults {
  /** The footprints of each run, in the order of their counts of sockets. */
  readonly measured: ReadonlyMap<SubjectName, readonly (readonly Footprint[])[]>;
  readonly runs: number;
  readonly machine: string;
}

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/** The whole section of the document. */
export function memoryTables({ measured, runs, machine }: MemoryResults): string {
  const steps = stepsOf(measured);
  const firstCount = steps[0]?.[0] ?? 0;
  const head = [
    'memory, KiB for each socket',
    ...steps.map(([from, to]) => `${digits(from)} to ${digits(to)}`),
    ...steps.map(([from, to]) => `heap, ${digits(from)} to ${digits(to)}`),
    `whole process with ${digits(firstCount)}, MiB`,
  ];
  const rows = subjectNames.map((name) => {
    const all = measured.get(name) ?? [];
    const perSocket = (pick: (one: Footprint) => number): string[] =>
      steps.map((_, step) => digits(median(all.map((run) => growth(run, step, pick) / kibibyte))));
    const whole = median(all.map(([first]) => (first?.residentBytes ?? Number.NaN) / mebibyte));
    return [
      subjectTitles[name],
      ...perSocket(({ residentBytes }) => residentBytes),
      ...perSocket(({ heapBytes }) => heapBytes),
      digits(whole),
    ];
  });
  return [
    `Medians of ${runs} ${runs === 1 ? 'run' : 'runs'} on ${machine}.`,
    table(head, rows),
  ].join('\n\n');
}

/** From how many sockets to how many. */
function stepsOf(measured: MemoryResults['measured']): [from: number, to: number][] {
  const [[footprints = []] = []] = measured.values();
  return footprints
    .slice(1)
    .map(({ sockets }, index) => [footprints[index]?.sockets ?? 0, sockets]);
}

/** What each further socket of a step costs. */
function growth(run: readonly Footprint[], step: number, pick: (one: Footprint) => number): number {
  const [before, after] = [run[step], run[step + 1]];
  if (before === undefined || after === undefined) return Number.NaN;
  return (pick(after) - pick(before)) / (after.sockets - before.sockets);
}
