import { definePorts } from '@secureconnect/degraded-mode';
import type { StoreMode } from './objects/store-mode.ts';
import type { ScanHookMode } from './scan/scan-hook-mode.ts';
import type { Scanning } from './scan/scans.ts';
import type { OpenFiles } from './uploads/open-files.ts';
import type { Removals } from './uploads/removals.ts';

export interface PortDeps {
  readonly mode: StoreMode;
  readonly files: OpenFiles;
  readonly removals: Removals;
  readonly scanMode: ScanHookMode;
  readonly scans: Scanning;
}

/** The dependencies of the ports. Storage does not use Redis. */
export const backedBy = {
  objects: 'object_store',
  removals: 'object_store',
  scans: 'scan_hook',
} as const;

/**
 * Storage's uses of the object store and of the scan hook. Objects that cannot be removed now are on
 * the list of unattached ones, so the sweep removes them; files that cannot be scanned now wait in
 * quarantine for a later scan.
 */
export function createStoragePorts({ mode, files, removals, scanMode, scans }: PortDeps) {
  return definePorts({
    /** The way to the store, for what needs it now. */
    objects: { dependency: mode, isLease: true, primary: { use: async () => files } },
    removals: { dependency: mode, primary: removals, skip: leftToTheSweep },
    scans: { dependency: scanMode, primary: scans, skip: leftInQuarantine },
  });
}

const leftToTheSweep: Removals = {
  release: async () => undefined,
  discard: async () => undefined,
};

const leftInQuarantine: Scanning = { scan: async () => undefined };

export type StoragePorts = ReturnType<typeof createStoragePorts>;
