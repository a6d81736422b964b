import type { Logger } from '@secureconnect/service';
import { StoreUnavailable } from '../objects/store-unavailable.ts';
import type { FileRow } from '../stores/file-row.ts';
import type { Transfers } from '../transfers/transfers.ts';
import {
  leftToSweep,
  type OnLeft,
  type Removing,
  releaseObject,
  releaseOrLeave,
} from './release-object.ts';

/** Removes what a file that is deleted has left in the store. */
export interface Removals {
  /** Removes its object, if it has one. */
  release(objectId: string | undefined, log: Logger): Promise<void>;
  /** Removes, as far as possible now, the uploads for a file that is no longer pending. */
  discard(file: FileRow, log: Logger): Promise<void>;
}

type Clearing = Removing & { readonly transfers: Pick<Transfers, 'discard'> };

/** For housekeeping: what cannot be removed now is left to a later sweep. */
export function removalsLater(context: Clearing): Removals {
  return {
    release: (objectId, log) => releaseObject(context, objectId, log),
    discard: (file, log) => context.transfers.discard(file, leftToSweep(log)),
  };
}

/** For a port, whose fallback leaves to the sweep what the store cannot remove. */
export function removalsNow(context: Clearing): Removals {
  return {
    release: (objectId, log) => releaseOrLeave(context, objectId, unlessAway(log)),
    discard: (file, log) => context.transfers.discard(file, unlessAway(log)),
  };
}

/** Throws what the port must know: the store is down. */
function unlessAway(log: Logger): OnLeft {
  const leave = leftToSweep(log);
  return (objectId, error) => {
    if (error instanceof StoreUnavailable && error.fault === 'away') throw error;
    leave(objectId, error);
  };
}
