import { digits, milliseconds, ratio, since, table } from '../support/markdown.ts';
import { medianOf } from '../support/statistics.ts';
import { type FaultName, faultNames } from './faults.ts';
import { type Measures, phases, type Throughput } from './measure.ts';
import { medianMeasures } from './medians.ts';
import { type SubjectName, subjectNames, subjectTitles } from './subject-names.ts';
import { targetsOf } from './targets.ts';

export interface Results {
  /** One for each run, in the order of the runs. */
  readonly faults: Readonly<Record<SubjectName, Readonly<Record<FaultName, readonly Measures[]>>>>;
  readonly throughput: Readonly<Record<SubjectName, readonly Throughput[]>>;
  readonly runs: number;
  readonly machine: string;
}

const faultTitles: Readonly<Record<FaultName, string>> = {
  kill: 'Killed (SIGKILL), later restarted with its data',
  freeze: 'Frozen (SIGSTOP), later thawed',
  'black hole': 'Black hole: bytes vanish, later reset',
};

/** The whole section of the document. */
export function resultTables(results: Results): string {
  return [
    `Medians of ${results.runs} runs on ${results.machine}.`,
    '### Targets',
    targetTable(results),
    ...faultNames.flatMap((fault) => [
      `### ${faultTitles[fault]}`,
      faultTable(results, fault),
      latencyTable(results, fault),
    ]),
    '### Throughput',
    throughputTable(results),
  ].join('\n\n');
}

function targetTable({ faults, throughput }: Results): string {
  const targets = targetsOf(faults.secureconnect, throughput.secureconnect);
  const rows = targets.map(({ what, wanted, unit, value, reached }) => [
    what,
    wanted,
    unit === 'ms' ? milliseconds(value) : ratio(value),
    reached ? 'met' : '**not met**',
  ]);
  return table(['SecureConnect', 'target', 'measured', ''], rows);
}

function faultTable({ faults }: Results, fault: FaultName): string {
  const rows = subjectNames.map((name) => {
    const { seenMs, firstDegradedMs, recoveredMs, failures, ...counts } = medianMeasures(
      faults[name][fault],
    );
    const { hung = 0, ...errors } = Object.fromEntries(failures);
    return [
      subjectTitles[name],
      since(seenMs),
      since(firstDegradedMs),
      since(recoveredMs),
      `${digits((100 * counts.answeredInTime) / counts.dueDuringFault)} %`,
      describeErrors(errors),
      digits(hung),
    ];
  });
  const head = [
    '',
    'detected',
    'first reply without Redis',
    'recovered',
    'answered within 1 s',
    'errors',
    'hung',
  ];
  return table(head, rows);
}

function describeErrors(errors: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(errors).map(([kind, count]) => `${digits(count)} × ${kind}`);
  return kinds.length === 0 ? '0' : kinds.join(', ');
}

function latencyTable({ faults }: Results, fault: FaultName): string {
  const rows = subjectNames.map((name) => {
    const { latencies } = medianMeasures(faults[name][fault]);
    const cells = phases.map((phase) => {
      const { p50, p99, p999 } = latencies[phase];
      return [p50, p99, p999].map(digits).join(' / ');
    });
    return [
      subjectTitles[name],
      ...cells,
      ratio(latencies['first second'].p99 / latencies.before.p99),
      ratio(latencies.later.p99 / latencies.before.p99),
    ];
  });
  const head = ['p50 / p99 / p99.9 in ms', ...phases, 'first second ÷ before', 'later ÷ before'];
  return table(head, rows);
}

function throughputTable({ throughput }: Results): string {
  const ours = throughput.secureconnect;
  const rows = subjectNames.map((name) => {
    const runs = throughput[name];
    // Within each run, since the machine may be busier in one run than in another.
    const ratioOf = (pick: (run: Throughput, ours: Throughput | undefined) => number): string =>
      ratio(medianOf(runs.map((run, at) => pick(run, ours[at]))));
    return [
      subjectTitles[name],
      digits(Math.round(medianOf(runs.map(({ normal }) => normal)))),
      digits(Math.round(medianOf(runs.map(({ degraded }) => degraded)))),
      ratioOf((run) => run.degraded / run.normal),
      ratioOf((run, our) => run.normal / (our?.normal ?? Number.NaN)),
      ratioOf((run, our) => run.degraded / (our?.degraded ?? Number.NaN)),
    ];
  });
  const head = ['responses/s', 'normal', 'without Redis', 'without Redis ÷ normal'];
  return table([...head, 'normal ÷ ours', 'without Redis ÷ ours'], rows);
}
