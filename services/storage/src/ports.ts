import { definePorts } from '@secureconnect/degraded-mode';

/** Storage does not use Redis, so it has no ports and cannot degrade. */
export function createStoragePorts() {
  return definePorts({});
}

export type StoragePorts = ReturnType<typeof createStoragePorts>;
