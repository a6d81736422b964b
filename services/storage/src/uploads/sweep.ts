import { type Logger, repeatEvery } from '@secureconnect/service';
import type { StorageContext } from '../context.ts';
import { unattachedMs } from '../lifetimes.ts';
import { expiredFileIds, forgetDeleted } from '../stores/files.ts';
import { detachParts, fileIdsWithStrayParts } from '../stores/parts.ts';
import { unattachedObjectIds } from '../stores/unattached-objects.ts';
import { deleteFile } from './delete-file.ts';
import { removeObject } from './release-object.ts';
import { removalsLater } from './removals.ts';

const intervalMs = 60_000;
/** Maximum of each kind per sweep; the next sweep continues. */
const maxPerSweep = 200;
/** A repeated DELETE within this time gets the same reply as the first one. */
const deletedMs = 30 * 24 * 60 * 60_000;

export interface Swept {
  readonly expiredReservations: number;
  readonly removedObjects: number;
  readonly forgottenFiles: number;
}

/**
 * Frees expired reservations, removes objects that belong to no file, and forgets files that were
 * deleted long ago. Idempotent, and safe to run on several instances, because SQL decides each
 * change.
 */
export async function sweep(context: StorageContext, log: Logger): Promise<Swept> {
  const { database, now } = context;
  const ago = (ms: number): Date => new Date(now() - ms);
  const deleting = { ...context, removals: removalsLater(context) };
  let expiredReservations = 0;
  for (const fileId of await expiredFileIds(database, ago(0), maxPerSweep)) {
    const file = await deleteFile(deleting, fileId, ['pending'], log);
    if (file !== undefined) expiredReservations += 1;
  }
  for (const fileId of await fileIdsWithStrayParts(database, maxPerSweep)) {
    await detachParts(database, fileId, ago(0));
  }
  const forgottenFiles = await forgetDeleted(database, ago(deletedMs), maxPerSweep);
  // Last, because it fails while the object store is down.
  const unattached = await unattachedObjectIds(database, ago(unattachedMs), maxPerSweep);
  for (const objectId of unattached) await removeObject(context, objectId);
  return { expiredReservations, removedObjects: unattached.length, forgottenFiles };
}

/** Sweeps every minute; returns a function that stops this. */
export function startSweeping(context: StorageContext, log: Logger): () => Promise<void> {
  const run = async (): Promise<void> => {
    const swept = await sweep(context, log);
    if (Object.values(swept).some((count) => count > 0)) log.info(swept, 'swept');
  };
  return repeatEvery({ intervalMs, what: 'the sweep', log, run });
}
