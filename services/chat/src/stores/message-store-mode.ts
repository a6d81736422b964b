import { DegradedMode, Monitor } from '@secureconnect/degraded-mode';
import { MessageStoreUnavailable, messagesUnavailable } from './message-store-unavailable.ts';

/** Calls that must fail in a row before the store counts as down. */
const failuresToEnter = 3;
/** Failures that are further apart are no outage. */
const failureWindowMs = 60_000;

export type MessageStoreMode = DegradedMode<'message_store'>;

/** The mode of the message store; calls have the limits of its driver. */
export function createMessageStoreMode(service: string): MessageStoreMode {
  return new DegradedMode({
    service,
    dependency: 'message_store',
    refusalMessage: messagesUnavailable,
    classify: (error) => {
      const isAway = error instanceof MessageStoreUnavailable && error.fault === 'away';
      return isAway ? { severity: 'timeout', reason: 'message store failed' } : undefined;
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
export function monitorMessageStore(mode: MessageStoreMode, check: () => Promise<void>): Monitor {
  return new Monitor({
    mode,
    probes: { full: check },
    reconcilers: [],
    healthCheckIntervalSeconds: 2,
    // The driver's own limits are shorter.
    timing: { probeIntervalMs: 1000, probeLimitMs: 10_000 },
  });
}
