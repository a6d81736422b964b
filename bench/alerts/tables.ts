import { digits, ratio, table } from '../support/markdown.ts';
import { median } from '../support/statistics.ts';
import { type Figures, type ReceiverName, receiverNames, trafficNames } from './names.ts';

/** One run: what every receiver reached under every kind of traffic. */
export type AlertsRun = Readonly<
  Record<ReceiverName, Readonly<Record<(typeof trafficNames)[number], Figures>>>
>;

export interface AlertsResults {
  readonly runs: readonly AlertsRun[];
  readonly senders: number;
  readonly machine: string;
}

/** Whom each gateway is compared with. */
const comparisons: readonly (readonly [ReceiverName, ReceiverName])[] = [
  ['one gateway', 'Express and SQL alone'],
  ['two gateways', 'one gateway'],
];

/** The whole section of the document. */
export function alertsTables({ runs, senders, machine }: AlertsResults): string {
  const perSecond = trafficNames.map((traffic) => `${traffic}, alerts/s`);
  const latency = trafficNames.map((traffic) => `${traffic}, p50 / p99 in ms`);
  const refused = runs.flatMap((run) =>
    receiverNames.flatMap((name) => trafficNames.map((traffic) => run[name][traffic].refused)),
  );
  const total = refused.reduce((sum, count) => sum + count, 0);
  const count = `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`;
  return [
    `Medians of ${count} with ${senders} senders on ${machine}.`,
    table(
      ['', ...perSecond, ...latency],
      [
        ...receiverNames.map((name) => rowOf(runs, name)),
        ...comparisons.map(([one, other]) => ratiosOf(runs, one, other)),
      ],
    ),
    `Refused deliveries, all runs: ${digits(total)}.`,
  ].join('\n\n');
}

function rowOf(runs: readonly AlertsRun[], name: ReceiverName): string[] {
  const of = (traffic: (typeof trafficNames)[number], pick: (one: Figures) => number): string =>
    digits(median(runs.map((run) => pick(run[name][traffic]))));
  return [
    name,
    ...trafficNames.map((traffic) => of(traffic, (one) => Math.round(one.perSecond))),
    ...trafficNames.map(
      (traffic) => `${of(traffic, (one) => one.p50Ms)} / ${of(traffic, (one) => one.p99Ms)}`,
    ),
  ];
}

/** Ratios within each run, then their median: what disturbed one run disturbed both. */
function ratiosOf(runs: readonly AlertsRun[], one: ReceiverName, other: ReceiverName): string[] {
  const of = (traffic: (typeof trafficNames)[number], pick: (figures: Figures) => number): string =>
    ratio(median(runs.map((run) => pick(run[one][traffic]) / pick(run[other][traffic]))));
  return [
    `${one} ÷ ${other}`,
    ...trafficNames.map((traffic) => of(traffic, ({ perSecond }) => perSecond)),
    ...trafficNames.map(
      (traffic) => `${of(traffic, ({ p50Ms }) => p50Ms)} / ${of(traffic, ({ p99Ms }) => p99Ms)}`,
    ),
  ];
}
