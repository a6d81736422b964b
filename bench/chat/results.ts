import { medianOf } from '../support/statistics.ts';
import type { Measurement, RoomSize, State } from './measurement.ts';
import type { ChatRun } from './scenario.ts';
import type { SubjectName } from './subject-names.ts';

export interface ChatResults {
  /** Of each subject that was measured, one for each run, in the order of the runs. */
  readonly runs: ReadonlyMap<SubjectName, readonly ChatRun[]>;
  readonly machine: string;
}

/** Which of the measurements of a run. */
export interface Which {
  readonly state: State;
  readonly sockets: RoomSize;
  readonly loop: Measurement['loop'];
}

type Pick = (measurement: Measurement) => number;

/** One figure in each run of a subject; NaN where it was not measured. */
function eachRun({ runs }: ChatResults, name: SubjectName, which: Which, pick: Pick): number[] {
  return (runs.get(name) ?? []).map(({ measurements }) => {
    const one = measurements.find(
      ({ state, sockets, loop }) =>
        state === which.state && sockets === which.sockets && loop === which.loop,
    );
    return one === undefined ? Number.NaN : pick(one);
  });
}

/** The median of one figure over the runs. */
export function medianIn(
  results: ChatResults,
  name: SubjectName,
  which: Which,
  pick: Pick,
): number {
  return medianOf(eachRun(results, name, which, pick));
}

/** One side of a ratio. */
export interface Side {
  readonly name: SubjectName;
  readonly which: Which;
}

/** The median of ratios within each run, since the machine may be busier in one than in another. */
export function ratioIn(results: ChatResults, one: Side, other: Side, pick: Pick): number {
  const [above, below] = [one, other].map(({ name, which }) => eachRun(results, name, which, pick));
  return medianOf((above ?? []).map((value, run) => value / (below?.[run] ?? Number.NaN)));
}

/** The counts of all runs of a subject together, with the warm-up counted as normal. */
export interface Totals {
  readonly messages: number;
  readonly due: number;
  readonly missed: number;
  readonly doubled: number;
  readonly echoed: number;
  readonly refused: number;
}

export function totalsOf(runs: readonly ChatRun[], state: State): Totals {
  const counted = runs
    .flatMap(({ measurements }) => measurements)
    .filter((one) => (one.state === 'Redis killed') === (state === 'Redis killed'));
  const sum = (pick: Pick): number => counted.reduce((total, one) => total + pick(one), 0);
  return {
    messages: sum((one) => one.messages),
    due: sum((one) => one.due),
    missed: sum((one) => one.missed),
    doubled: sum((one) => one.doubled),
    echoed: sum((one) => one.echoed),
    refused: sum((one) => one.refused),
  };
}
