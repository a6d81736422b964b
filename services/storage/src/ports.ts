import { definePorts } from '@secureconnect/degraded-mode';
import type { StoreMode } from './objects/store-mode.ts';
import type { OpenFiles } from './uploads/open-files.ts';
import type { Removals } from './uploads/removals.ts';

export interface PortDeps {
  readonly mode: StoreMode;
  readonly files: OpenFiles;
  readonly removals: Removals;
}

/** The dependencies of the ports. Storage does not use Redis. */
export const backedBy = { objects: 'object_store', removals: 'object_store' } as const;

/**
 * Storage's uses of the object store. Objects that cannot be removed now are on the list of
 * unattached ones, so the sweep removes them.
 */
export function createStoragePorts({ mode, files, removals }: PortDeps) {
  return definePorts({
    /** The way to the store, for what needs it now. */
    objects: { dependency: mode, isLease: true, primary: { use: async () => files } },
    removals: { dependency: mode, primary: removals, skip: leftToTheSweep },
  });
}

const leftToTheSweep: Removals = {
  release: async () => undefined,
  discard: async () => undefined,
};

export type StoragePorts = ReturnType<typeof createStoragePorts>;
