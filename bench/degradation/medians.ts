import { medianOf } from '../support/statistics.ts';
import { type Latencies, type Measures, type Phase, phases } from './measure.ts';

/** The median of each measure over the runs; what most runs did not see, the median did not. */
export function medianMeasures(runs: readonly Measures[]): Measures {
  const of = (pick: (run: Measures) => number): number => medianOf(runs.map(pick));
  const latencies = (phase: Phase): Latencies => ({
    p50: of((run) => run.latencies[phase].p50),
    p99: of((run) => run.latencies[phase].p99),
    p999: of((run) => run.latencies[phase].p999),
  });
  const outcomes = new Set(runs.flatMap(({ failures }) => [...failures.keys()]));
  const failures = [...outcomes].map((outcome): [string, number] => [
    outcome,
    of((run) => run.failures.get(outcome) ?? 0),
  ]);
  return {
    seenMs: of((run) => run.seenMs),
    firstDegradedMs: of((run) => run.firstDegradedMs),
    recoveredMs: of((run) => run.recoveredMs),
    firstNormalMs: of((run) => run.firstNormalMs),
    latencies: Object.fromEntries(phases.map((phase) => [phase, latencies(phase)])) as Record<
      Phase,
      Latencies
    >,
    dueDuringFault: of((run) => run.dueDuringFault),
    answeredInTime: of((run) => run.answeredInTime),
    failures: new Map(failures.filter(([, count]) => count > 0)),
  };
}
