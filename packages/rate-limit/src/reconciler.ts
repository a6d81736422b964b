import type { RedisConnection } from '@secureconnect/redis';
import type { HandOver } from './hand-over-script.ts';
import type { KeyReport, LocalLimiter } from './local-limiter.ts';

export type Reconciler = Parameters<RedisConnection['addReconciler']>[0];

/** A call must be done well within the command time-out. */
const keysPerCall = 200;

export interface HandOverOptions {
  readonly local: LocalLimiter;
  readonly handOver: HandOver;
  /** Recovery waits no longer than this. */
  readonly longestMs: number;
  /** Told where time ran out; those keys are handed over one by one with their next request. */
  readonly onUnfinished: () => void;
}

/**
 * Hands the counters of an outage over to Redis before the flag flips back, so that nobody gets a
 * fresh budget. A Redis that kept its data hears only of grants made here meanwhile; one that may
 * have lost data hears of everything that is known here.
 */
export function limitReconciler(options: HandOverOptions): Reconciler {
  const { local, handOver, longestMs, onUnfinished } = options;
  return {
    name: 'rate limits',
    async run({ dataChange }) {
      const deadline = performance.now() + longestMs;
      const reports = local.reports(dataChange === 'sameData' ? 'unknown' : 'all');
      for (const batch of batches(reports, keysPerCall)) {
        if (performance.now() > deadline) {
          onUnfinished();
          return;
        }
        await handOver(batch);
        for (const { key, buckets } of batch) {
          local.acknowledged(
            key,
            buckets.map(({ bucket, own }) => ({ bucket, granted: own })),
          );
        }
      }
    },
  };
}

function* batches(reports: Iterable<KeyReport>, size: number): Generator<KeyReport[]> {
  let batch: KeyReport[] = [];
  for (const report of reports) {
    batch.push(report);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
