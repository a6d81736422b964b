import type { Logger } from '@secureconnect/service';
import type { StorageContext } from '../context.ts';
import { StoreUnavailable } from '../objects/store-unavailable.ts';
import type { FileRow } from '../stores/file-row.ts';
import { noteLeftObject, releaseObject, removeObject } from './release-object.ts';

/** Removes what a file that is deleted has left in the store. */
export interface Removals {
  /** Removes its object, if it has one. */
  release(objectId: string | undefined, log: Logger): Promise<void>;
  /** Removes, as far as possible now, the uploads for a file that is no longer pending. */
  discard(file: FileRow, log: Logger): Promise<void>;
}

type Removing = Pick<StorageContext, 'database' | 'objects' | 'transfers'>;

/** For housekeeping: what cannot be removed now is left to a later sweep. */
export function removalsLater(context: Removing): Removals {
  return {
    release: (objectId, log) => releaseObject(context, objectId, log),
    discard: (file, log) => context.transfers.discard(file, log),
  };
}

/** For a port, whose fallback leaves to the sweep what the store cannot remove. */
export function removalsNow(context: Removing): Removals {
  return {
    async release(objectId, log) {
      if (objectId === undefined) return;
      try {
        await removeObject(context, objectId);
      } catch (error) {
        if (error instanceof StoreUnavailable && error.fault === 'away') throw error;
        noteLeftObject(log, objectId, error);
      }
    },
    discard: (file, log) => context.transfers.discard(file, log),
  };
}
