import type { Reconciler } from '@secureconnect/redis';
import type { HandOver } from './hand-over-script.ts';
import type { KeyReport, LocalLimiter } from './local-limiter.ts';

/** Few enough that a call ends well within the command time-out. */
const keysPerCall = 200;

export interface HandOverOptions {
  readonly local: LocalLimiter;
  readonly handOver: HandOver;
  /** The shard of a key; keys of one shard are handed over together. */
  readonly shardOf: (key: string) => number;
  /** The maximum time that recovery waits. */
  readonly maxMs: number;
  /** Called when time ran out; the remaining keys are handed over with their next request. */
  readonly onUnfinished: () => void;
}

/**
 * Hands the counters of an outage over to Redis before the flag flips back, so that nobody gets a
 * new budget. A Redis that kept its data gets only local grants; one that may have lost data gets
 * all known counters.
 */
export function limitReconciler(options: HandOverOptions): Reconciler {
  const { local, handOver, shardOf, maxMs, onUnfinished } = options;
  return {
    name: 'rate limits',
    async run({ dataChange }) {
      const deadline = performance.now() + maxMs;
      const reports = local.reports(dataChange === 'sameData' ? 'unknown' : 'all');
      for (const batch of batches(reports, shardOf)) {
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

/** Splits reports into batches of one shard each. */
function* batches(
  reports: Iterable<KeyReport>,
  shardOf: (key: string) => number,
): Generator<KeyReport[]> {
  const open = new Map<number, KeyReport[]>();
  for (const report of reports) {
    const shard = shardOf(report.key);
    const batch = open.get(shard) ?? [];
    batch.push(report);
    open.set(shard, batch);
    if (batch.length < keysPerCall) continue;
    yield batch;
    open.delete(shard);
  }
  yield* open.values();
}
