import { counter, gauge, type ServiceMetrics } from '@secureconnect/service';

/** What is asked of an object store, as its metrics name it. */
export type StoreOperation =
  | 'begin_parts'
  | 'check'
  | 'copy'
  | 'hash'
  | 'join_parts'
  | 'list'
  | 'list_parts'
  | 'read'
  | 'remove'
  | 'size'
  | 'write';

/** As a gauge: whether calls go to the store. */
const breakerStates = { closed: 0, half_open: 1, open: 2 } as const;
export type BreakerState = keyof typeof breakerStates;

export interface StoreMetrics {
  /** Shows the state of the breaker. */
  breaker(state: BreakerState): void;
  /** Counts a call that failed because the store could not serve, or was refused by the breaker. */
  failed(operation: StoreOperation): void;
  /** Notes how long a call took that reached the store, whatever became of it. */
  took(operation: StoreOperation, seconds: number): void;
}

/** Upper ends of the buckets, in seconds. */
const buckets = [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60];

/** What this process sees of its object store. */
export function storeMetrics(metrics: ServiceMetrics): StoreMetrics {
  const state = gauge(metrics, {
    name: 'storage_object_store_breaker_state',
    help: 'Whether calls go to the object store (0 = all, 1 = one probes, 2 = none)',
  });
  const failures = counter(metrics, {
    name: 'storage_object_store_failures_total',
    help: 'Calls that failed because the object store could not serve, by operation',
    labelNames: ['operation'],
  });
  const took = secondsOf(metrics);
  return {
    breaker: (now) => state.set(breakerStates[now]),
    failed: (operation) => failures.inc({ operation }),
    took,
  };
}

/** The series of a Prometheus histogram, storage_object_store_seconds. */
function secondsOf(metrics: ServiceMetrics): StoreMetrics['took'] {
  const name = 'storage_object_store_seconds';
  const help = 'How long calls to the object store took, by operation';
  const bucket = counter(metrics, {
    name: `${name}_bucket`,
    help,
    labelNames: ['operation', 'le'],
  });
  const sum = counter(metrics, { name: `${name}_sum`, help, labelNames: ['operation'] });
  const count = counter(metrics, { name: `${name}_count`, help, labelNames: ['operation'] });
  return (operation, seconds) => {
    for (const le of buckets) {
      bucket.inc({ operation, le: String(le) }, seconds <= le ? 1 : 0);
    }
    bucket.inc({ operation, le: '+Inf' });
    sum.inc({ operation }, seconds);
    count.inc({ operation });
  };
}
