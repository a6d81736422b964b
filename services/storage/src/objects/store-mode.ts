import { DegradedMode, Monitor } from '@secureconnect/degraded-mode';
import { StoreUnavailable } from './store-unavailable.ts';

/** Calls that must fail in a row before the store counts as down. */
const failuresToEnter = 3;
/** Failures that are further apart are no outage. */
const failureWindowMs = 60_000;

export type StoreMode = DegradedMode<'object_store'>;

/** The mode of the object store; calls have the limits of the guard. */
export function createStoreMode(service: string): StoreMode {
  return new DegradedMode({
    service,
    dependency: 'object_store',
    classify: (error) => {
      const isAway = error instanceof StoreUnavailable && error.fault === 'away';
      return isAway ? { severity: 'timeout', reason: 'object store failed' } : undefined;
    },
    thresholds: {
      timeoutsToEnter: failuresToEnter,
      timeoutWindowMs: failureWindowMs,
      goodProbesToLeave: 2,
    },
    portLimitMs: Number.POSITIVE_INFINITY,
  });
}

/**
 * Probes the store every two seconds, and every second while it is down; two probes in a row that
 * succeed end that.
 * @param check resolves when the store can be used
 */
export function monitorStore(mode: StoreMode, check: () => Promise<void>): Monitor {
  return new Monitor({
    mode,
    probes: { full: check },
    reconcilers: [],
    healthCheckIntervalSeconds: 2,
    // The guard's own limits are shorter.
    timing: { probeIntervalMs: 1000, probeLimitMs: 10_000 },
  });
}
