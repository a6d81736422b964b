import type { DegradedMode } from '@secureconnect/degraded-mode';
import { createDependencyMode } from '@secureconnect/service';
import { ScanHookFailed } from './scan-hook-failed.ts';

export type ScanHookMode = DegradedMode<'scan_hook'>;

/** Scans are rarer than calls of a store. */
const failureWindowMs = 5 * 60_000;
export const scanHookCheckIntervalSeconds = 30;

/** The mode of the scan hook; a scan has the time limit of the hook. */
export function createScanHookMode(service: string): ScanHookMode {
  return createDependencyMode({
    service,
    dependency: 'scan_hook',
    isAway: (error) => error instanceof ScanHookFailed,
    reason: 'scan hook failed',
    failureWindowMs,
  });
}
