import type { Latencies, Measures, Throughput } from './measure.ts';
import type { Sample } from './sample.ts';

/** A request of the tests; `redis` answered it at once, unless it says otherwise. */
export function madeUpSample(dueMs: number, latencyMs = 1, outcome = 'redis'): Sample {
  return { dueMs, latencyMs, outcome };
}

const even: Latencies = { p50: 1, p99: 2, p999: 3 };

/** The result of a run, for tests: unremarkable except for what is given. */
export function madeUpMeasures(remarkable: Partial<Measures> = {}): Measures {
  return {
    seenMs: 10,
    firstDegradedMs: 11,
    recoveredMs: 12,
    firstNormalMs: 13,
    latencies: { before: even, 'first second': even, later: even, after: even },
    dueDuringFault: 1000,
    answeredInTime: 1000,
    failures: new Map(),
    ...remarkable,
  };
}

/** The latencies of a run whose p99 is given for some phases. */
export function withP99(p99: Partial<Record<keyof Measures['latencies'], number>>): Measures {
  const { latencies } = madeUpMeasures();
  const changed = Object.entries(p99).map(([phase, value]) => [phase, { ...even, p99: value }]);
  return madeUpMeasures({ latencies: { ...latencies, ...Object.fromEntries(changed) } });
}

export const madeUpThroughput: Throughput = { normal: 1000, degraded: 1500 };
