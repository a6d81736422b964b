import type { DegradedMode } from '@secureconnect/degraded-mode';
import { createDependencyMode } from '@secureconnect/service';
import {
  RemediationStoreUnavailable,
  remediationStoreUnavailable,
} from './remediation-store-unavailable.ts';

export type RemediationStoreMode = DegradedMode<'remediation_store'>;

/** The mode of the store of remediation requests; calls have the limits of the sink. */
export function createRemediationStoreMode(service: string): RemediationStoreMode {
  return createDependencyMode({
    service,
    dependency: 'remediation_store',
    isAway: (error) => error instanceof RemediationStoreUnavailable,
    reason: 'remediation store failed',
    refusalMessage: remediationStoreUnavailable,
  });
}
