import { digits, milliseconds, table } from '../support/markdown.ts';
import { median } from '../support/statistics.ts';
import { type FleetRun, type State, states } from './run.ts';

export interface FleetResults {
  readonly runs: readonly FleetRun[];
  readonly machine: string;
}

const mebibyte = 2 ** 20;

/** The whole section of the document: medians; what was missed or doubled is the sum of all runs. */
export function fleetTables({ runs, machine }: FleetResults): string {
  const sockets = runs[0]?.sockets ?? 0;
  const of = (pick: (run: FleetRun) => number): number => median(runs.map(pick));
  const opening = table(
    ['of all instances', 'figure'],
    [
      ['sockets', digits(sockets)],
      ['opened in a second', digits(of(({ openMs }) => (1000 * sockets) / openMs))],
      ['processor time to open one', milliseconds(of(({ openCpuMs }) => openCpuMs / sockets))],
      ['largest process, all idle, MiB', digits(of((run) => run.residentBytes / mebibyte))],
      ['processor time while all are idle', `${digits(of((run) => run.idleCpuMsPerSecond))} ms/s`],
      ['sockets of the killed instance', digits(of(({ reopened }) => reopened.sockets))],
      ['until they are open elsewhere', milliseconds(of((run) => run.reopened.durationMs))],
    ],
  );
  const head = [
    'state',
    'messages',
    'p50',
    'p99',
    'CPU of a delivery, µs',
    'refused',
    'missed',
    'twice',
  ];
  const rows = states.map((state) => rowOf(runs, state));
  return [
    `Medians of ${runs.length} ${runs.length === 1 ? 'run' : 'runs'} on ${machine}.`,
    opening,
    table(head, rows),
  ].join('\n\n');
}

function rowOf(runs: readonly FleetRun[], state: State): string[] {
  const spoken = runs.map((run) => run.spoken[state]);
  const sum = (pick: (one: (typeof spoken)[number]) => number): string =>
    digits(spoken.reduce((total, one) => total + pick(one), 0));
  return [
    state,
    sum(({ messages }) => messages),
    milliseconds(median(spoken.map(({ p50 }) => p50))),
    milliseconds(median(spoken.map(({ p99 }) => p99))),
    digits(median(spoken.map(({ cpuMs, due }) => (1000 * cpuMs) / due))),
    sum(({ refused }) => refused),
    sum(({ missed }) => missed),
    sum(({ doubled }) => doubled),
  ];
}
