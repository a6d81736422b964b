import { definePorts } from '@secureconnect/degraded-mode';

/** This service has no Redis: no port, and nothing to degrade. */
export function createStoragePorts() {
  return definePorts({});
}

export type StoragePorts = ReturnType<typeof createStoragePorts>;
