import { digits, ratio, table } from '../support/markdown.ts';
import { medianOf } from '../support/statistics.ts';
import { type Measurement, type RoomSize, roomSizes } from './measurement.ts';
import { type SubjectName, subjectNames, subjectTitles } from './subject-names.ts';

export interface StoringResults {
  /** Of each subject that was measured, the measurements of each run, in the order of the runs. */
  readonly runs: ReadonlyMap<SubjectName, readonly (readonly Measurement[])[]>;
  readonly machine: string;
}

type Pick = (measurement: Measurement) => number;

const ours: SubjectName = 'secureconnect';

const perSecond: Pick = ({ stored, seconds }) => stored / seconds;
const serverCpuUs: Pick = ({ serverCpuMs, stored }) => (1000 * serverCpuMs) / stored;
const databaseCpuUs: Pick = ({ databaseCpuMs, stored }) => (1000 * databaseCpuMs) / stored;
const cpuUs: Pick = (measurement) => serverCpuUs(measurement) + databaseCpuUs(measurement);
const p50Ms: Pick = (measurement) => measurement.p50Ms;

/** The whole section of the document. */
export function storingTables(results: StoringResults): string {
  const measured = subjectNames.filter((name) => results.runs.has(name));
  const count = Math.max(...[...results.runs.values()].map(({ length }) => length));
  return [
    `Medians of ${count} runs on ${results.machine}.`,
    ...subjectNames
      .filter((name) => !results.runs.has(name))
      .map((name) => `**${subjectTitles[name]}** was skipped: it is not installed.`),
    figuresTable(results, measured),
    ratiosTable(results, measured),
    countsLine(results, measured),
  ].join('\n\n');
}

function figuresTable(results: StoringResults, names: readonly SubjectName[]): string {
  const rows = names.flatMap((name) =>
    roomSizes.map((members) => [
      `${subjectTitles[name]}, ${members} members`,
      ...[perSecond, p50Ms, serverCpuUs, databaseCpuUs].map((pick) =>
        rounded(medianOf(eachRun(results, name, members, pick))),
      ),
    ]),
  );
  const head = ['', 'messages stored/s', 'p50 of a delivery in ms'];
  return table([...head, 'CPU µs per message, server', 'CPU µs per message, database'], rows);
}

/** Medians of the ratios within each run, since the machine may be busier in one than in another. */
function ratiosTable(results: StoringResults, names: readonly SubjectName[]): string {
  const rows = names
    .filter((name) => name !== ours)
    .map((name) => [
      `${subjectTitles[ours]} ÷ ${subjectTitles[name]}`,
      ...[perSecond, p50Ms, cpuUs].flatMap((pick) =>
        roomSizes.map((members) => ratio(ratioTo(results, name, members, pick))),
      ),
    ]);
  const head = ['messages stored/s', 'p50', 'CPU per message'].flatMap((title) =>
    roomSizes.map((members) => `${title}, ${members}`),
  );
  return table(['', ...head], rows);
}

function countsLine({ runs }: StoringResults, names: readonly SubjectName[]): string {
  const all = names.flatMap((name) => (runs.get(name) ?? []).flat());
  const sum = (pick: Pick): string => digits(all.reduce((total, one) => total + pick(one), 0));
  const due = sum((one) => one.due);
  const missed = sum((one) => one.missed);
  const doubled = sum((one) => one.doubled);
  return `Of ${due} deliveries due ${missed} were missed and ${doubled} came twice.`;
}

function ratioTo(
  results: StoringResults,
  name: SubjectName,
  members: RoomSize,
  pick: Pick,
): number {
  const [above, below] = [ours, name].map((one) => eachRun(results, one, members, pick));
  return medianOf((above ?? []).map((value, run) => value / (below?.[run] ?? Number.NaN)));
}

/** One figure in each run of a subject; NaN where it was not measured. */
function eachRun(
  { runs }: StoringResults,
  name: SubjectName,
  members: RoomSize,
  pick: Pick,
): number[] {
  return (runs.get(name) ?? []).map((measurements) => {
    const one = measurements.find((measurement) => measurement.members === members);
    return one === undefined ? Number.NaN : pick(one);
  });
}

function rounded(value: number): string {
  return digits(value < 10 ? value : Math.round(value));
}
