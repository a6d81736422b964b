import { counter, gauge, histogram, type ServiceMetrics } from '@secureconnect/service';

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

const bucketsSeconds = [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60];

/** What this process sees of its object store. */
export function storeMetrics(metrics: ServiceMetrics): StoreMetrics {
  const state = gauge(metrics, {
    name: 'storage_object_store_breaker_state',
    help: "State of the object store's circuit breaker (0 = closed, 1 = half open, 2 = open)",
  });
  const failures = counter(metrics, {
    name: 'storage_object_store_failures_total',
    help: 'Calls to the object store that failed or were refused by the breaker, by operation',
    labelNames: ['operation'],
  });
  const seconds = histogram(metrics, {
    name: 'storage_object_store_seconds',
    help: 'Duration of calls to the object store, by operation',
    labelNames: ['operation'],
    buckets: bucketsSeconds,
  });
  return {
    breaker: (now) => state.set(breakerStates[now]),
    failed: (operation) => failures.inc({ operation }),
    took: (operation, value) => seconds.observe({ operation }, value),
  };
}
