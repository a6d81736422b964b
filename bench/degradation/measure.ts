import { percentile } from '../support/statistics.ts';
import { isAnswered, isNormal, isNotNormal, type Sample } from './sample.ts';
import { type FaultRun, spans, type ThroughputRun } from './scenario.ts';

export const phases = ['before', 'first second', 'later', 'after'] as const;
export type Phase = (typeof phases)[number];

/** Percentiles of the requests that were due in one phase, in milliseconds. */
export interface Latencies {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

export interface Measures {
  /** From the fault until the flag, or where there is none a reply, showed it; ms. */
  readonly seenMs: number;
  /**
   * From the fault until the first reply that was not normal; ms, NaN for none: to hang is none.
   */
  readonly firstDegradedMs: number;
  /** From when Redis served again until the flag showed it, or a reply was normal; ms. */
  readonly recoveredMs: number;
  /** The same for the first reply alone. */
  readonly firstNormalMs: number;
  readonly latencies: Readonly<Record<Phase, Latencies>>;
  /** Requests due during the fault, and how many of them were answered within a second. */
  readonly dueDuringFault: number;
  readonly answeredInTime: number;
  /** How many of all requests ended in what other than an answer. */
  readonly failures: ReadonlyMap<string, number>;
}

/**
 * The seconds of each phase. What was on its way when the fault began belongs to the first second;
 * `after` begins once there was time to recover.
 */
function phaseOf({ beganMs, servesMs }: FaultRun, sample: Sample): Phase | undefined {
  const { dueMs, latencyMs } = sample;
  if (dueMs < beganMs - spans.before) return undefined;
  if (dueMs + latencyMs < beganMs) return 'before';
  if (dueMs < beganMs + 1000) return 'first second';
  if (dueMs < beganMs + 4000) return 'later';
  return dueMs >= servesMs + 1500 ? 'after' : undefined;
}

/** What one run says. */
export function measure(run: FaultRun): Measures {
  const { samples, flagChanges, beganMs, servesMs } = run;
  const firstDegradedMs = firstEnd(samples, beganMs, servesMs, isNotNormal);
  const firstNormalMs = firstEnd(samples, servesMs, Number.POSITIVE_INFINITY, isNormal);
  const down = flagChanges.find(({ available, atMs }) => !available && atMs >= beganMs);
  const up = flagChanges.find(({ available, atMs }) => available && atMs >= servesMs);
  const duringFault = samples.filter(({ dueMs }) => dueMs >= beganMs && dueMs < servesMs);
  const hasFlag = flagChanges.length > 0;
  return {
    seenMs: hasFlag ? (down?.atMs ?? Number.NaN) - beganMs : firstDegradedMs,
    firstDegradedMs,
    recoveredMs: hasFlag ? (up?.atMs ?? Number.NaN) - servesMs : firstNormalMs,
    firstNormalMs,
    latencies: latenciesOf(run),
    dueDuringFault: duringFault.length,
    answeredInTime: duringFault.filter((one) => isAnswered(one) && one.latencyMs <= 1000).length,
    failures: failuresOf(samples),
  };
}

function latenciesOf(run: FaultRun): Record<Phase, Latencies> {
  const byPhase = Map.groupBy(run.samples, (sample) => phaseOf(run, sample));
  const of = (phase: Phase): Latencies => {
    const values = (byPhase.get(phase) ?? []).map(({ latencyMs }) => latencyMs);
    const [p50, p99, p999] = [0.5, 0.99, 0.999].map((share) => percentile(values, share));
    return { p50: p50 ?? Number.NaN, p99: p99 ?? Number.NaN, p999: p999 ?? Number.NaN };
  };
  return {
    before: of('before'),
    'first second': of('first second'),
    later: of('later'),
    after: of('after'),
  };
}

/** Milliseconds from `fromMs` to the first end, before `untilMs`, of a request that `isOne`. */
function firstEnd(
  samples: readonly Sample[],
  fromMs: number,
  untilMs: number,
  isOne: (sample: Sample) => boolean,
): number {
  const ends = samples
    .filter(isOne)
    .map(({ dueMs, latencyMs }) => dueMs + latencyMs)
    .filter((endMs) => endMs >= fromMs && endMs < untilMs);
  return ends.length === 0 ? Number.NaN : Math.min(...ends) - fromMs;
}

function failuresOf(samples: readonly Sample[]): Map<string, number> {
  const failed = samples.filter((sample) => !isAnswered(sample));
  const byOutcome = Map.groupBy(failed, ({ outcome }) => outcome);
  return new Map([...byOutcome].map(([outcome, some]) => [outcome, some.length]));
}

/** Answers a second, in normal operation and without Redis. */
export interface Throughput {
  readonly normal: number;
  readonly degraded: number;
}

export function throughputOf({ normal, degraded }: ThroughputRun): Throughput {
  const [before, after] = normal.map(answersPerSecond);
  return {
    normal: ((before ?? Number.NaN) + (after ?? Number.NaN)) / 2,
    degraded: answersPerSecond(degraded),
  };
}

/** Counts the answers in the span that begins with the first request. */
function answersPerSecond(samples: readonly Sample[]): number {
  const fromMs = samples.reduce((first, { dueMs }) => Math.min(first, dueMs), Infinity);
  const untilMs = fromMs + spans.throughput;
  const answers = samples.filter((one) => isAnswered(one) && one.dueMs + one.latencyMs <= untilMs);
  return (1000 * answers.length) / spans.throughput;
}
