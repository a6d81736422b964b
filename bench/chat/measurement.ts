import { percentile } from '../support/statistics.ts';
import type { Counts } from './ledger.ts';

export const states = ['normal', 'Redis killed'] as const;
export type State = (typeof states)[number];

/** Sockets of the rooms, over both instances. */
export const roomSizes = [10, 100, 500] as const;
export type RoomSize = (typeof roomSizes)[number];

/** What is measured, in which room. */
export interface Task {
  /** The warm-up is measured for nothing but missed and doubled deliveries. */
  readonly state: State | 'warm-up';
  readonly sockets: RoomSize;
  readonly loop: 'open' | 'closed';
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** What one measurement says, once nothing more can come of it. */
export interface Measurement extends Task {
  /** Within the window of a closed loop; NaN for an open one. */
  readonly deliveriesPerSecond: number;
  /** Milliseconds of the deliveries that came. */
  readonly allMs: Percentiles;
  /** Those to sockets of the sender's own instance, and of the other one. */
  readonly nearMs: Percentiles;
  readonly farMs: Percentiles;
  readonly messages: number;
  readonly refused: number;
  readonly due: number;
  readonly missed: number;
  readonly doubled: number;
  readonly echoed: number;
}

export function measurementOf(
  task: Task,
  counts: Counts,
  deliveriesPerSecond: number,
): Measurement {
  const { messages, refused, due, arrived, doubled, echoed, nearMs, farMs } = counts;
  return {
    ...task,
    deliveriesPerSecond,
    allMs: percentiles([...nearMs, ...farMs]),
    nearMs: percentiles(nearMs),
    farMs: percentiles(farMs),
    ...{ messages, refused, due, doubled, echoed },
    missed: due - arrived,
  };
}

function percentiles(values: readonly number[]): Percentiles {
  return { p50: percentile(values, 0.5), p99: percentile(values, 0.99) };
}
