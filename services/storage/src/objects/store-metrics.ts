import { counter, gauge, histogram, type ServiceMetrics } from '@secureconnect/service';

/** The operations of an object store, as its metrics name them. */
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

/** The values of the breaker's gauge. */
const breakerStates = { closed: 0, half_open: 1, open: 2 } as const;
export type BreakerState = keyof typeof breakerStates;

export interface StoreMetrics {
  /** Sets the state of the breaker. */
  breaker(state: BreakerState): void;
  /** Counts a call that the store could not serve or the breaker refused. */
  failed(operation: StoreOperation): void;
  /** Records the duration of a call to the store, successful or not. */
  took(operation: StoreOperation, seconds: number): void;
}

const bucketsSeconds = [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60];

/** The metrics of this process about its object store. */
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
