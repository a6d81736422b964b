import { DegradedMode, Monitor } from '@secureconnect/degraded-mode';
import { ScanHookFailed } from './scan-hook-failed.ts';

/** Scans that must fail in a row before the hook counts as down. */
const failuresToEnter = 3;
/** Failures that are further apart are no outage. */
const failureWindowMs = 5 * 60_000;

export type ScanHookMode = DegradedMode<'scan_hook'>;

/** The mode of the scan hook; a scan has the time limit of the hook. */
export function createScanHookMode(service: string): ScanHookMode {
  return new DegradedMode({
    service,
    dependency: 'scan_hook',
    classify: (error) =>
      error instanceof ScanHookFailed
        ? { severity: 'timeout', reason: 'scan hook failed' }
        : undefined,
    thresholds: {
      timeoutsToEnter: failuresToEnter,
      timeoutWindowMs: failureWindowMs,
      goodProbesToLeave: 2,
    },
    portLimitMs: Number.POSITIVE_INFINITY,
  });
}

/**
 * Probes the hook every half minute, and every second while it is down; two probes in a row that
 * succeed end that.
 * @param check rejects with ScanHookFailed if the hook cannot be asked
 */
export function monitorScanHook(mode: ScanHookMode, check: () => Promise<void>): Monitor {
  return new Monitor({
    mode,
    probes: { full: check },
    reconcilers: [],
    healthCheckIntervalSeconds: 30,
    // The check's own limit is shorter.
    timing: { probeIntervalMs: 1000, probeLimitMs: 10_000 },
  });
}
