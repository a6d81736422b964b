import type { DegradedMode } from '@secureconnect/degraded-mode';
import { createDependencyMode } from '@secureconnect/service';
import { StoreUnavailable } from './store-unavailable.ts';

export type StoreMode = DegradedMode<'object_store'>;

/** The mode of the object store; calls have the limits of the guard. */
export function createStoreMode(service: string): StoreMode {
  return createDependencyMode({
    service,
    dependency: 'object_store',
    isAway: (error) => error instanceof StoreUnavailable && error.fault === 'away',
    reason: 'object store failed',
  });
}
