import { medianOf } from '../support/statistics.ts';
import type { FaultName } from './faults.ts';
import type { Measures, Throughput } from './measure.ts';

/** A time to reach, for ours. */
export interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly unit: 'ms' | 'ratio';
  readonly value: number;
  readonly reached: boolean;
}

type Runs = Readonly<Record<FaultName, readonly Measures[]>>;

/**
 * What was promised, beside what was measured. Differences and ratios are taken within each run,
 * and their median over the runs, since the machine may be busier in one run than in another.
 */
export function targetsOf(runs: Runs, throughput: readonly Throughput[]): Target[] {
  const atMost = (what: string, limitMs: number, value: number): Target => ({
    what,
    wanted: `at most ${limitMs.toLocaleString('en-GB')} ms`,
    unit: 'ms',
    value,
    reached: value <= limitMs,
  });
  const of = (fault: FaultName, pick: (run: Measures) => number): number =>
    medianOf(runs[fault].map(pick));
  const added = (fault: FaultName, phase: 'first second' | 'later'): number =>
    of(fault, ({ latencies }) => latencies[phase].p99 - latencies.before.p99);
  const kept = medianOf(throughput.map(({ degraded, normal }) => degraded / normal));
  return [
    atMost(
      'kill detected within',
      50,
      of('kill', (run) => run.seenMs),
    ),
    atMost(
      'freeze detected within',
      500,
      of('freeze', (run) => run.seenMs),
    ),
    atMost(
      'recovered from kill within',
      1000,
      of('kill', (run) => run.recoveredMs),
    ),
    atMost(
      'recovered from freeze within',
      1000,
      of('freeze', (run) => run.recoveredMs),
    ),
    atMost(
      'recovered from black hole within',
      1000,
      of('black hole', (run) => run.recoveredMs),
    ),
    atMost('added p99, first second of a black hole', 200, added('black hole', 'first second')),
    atMost('added p99, later seconds of a black hole', 5, added('black hole', 'later')),
    {
      what: 'throughput without Redis ÷ normal',
      wanted: 'at least 1 ×',
      unit: 'ratio',
      value: kept,
      reached: kept >= 1,
    },
  ];
}
