import { type Logger, repeatEvery } from '@secureconnect/service';
import type { StorageContext } from '../context.ts';
import { unattachedMs } from '../lifetimes.ts';
import { expiredFileIds, forgetDeleted } from '../stores/files.ts';
import { detachParts, fileIdsWithStrayParts } from '../stores/parts.ts';
import { unattachedObjectIds } from '../stores/unattached-objects.ts';
import { deleteFile } from './delete-file.ts';
import { removeObject } from './release-object.ts';

const intervalMs = 60_000;
/** At most so many of each kind in one sweep; the next one goes on. */
const maxPerSweep = 200;
/** A DELETE that is sent again within this time is still answered as the first one. */
const deletedMs = 30 * 24 * 60 * 60_000;

export interface Swept {
  readonly expiredReservations: number;
  readonly removedObjects: number;
  readonly forgottenFiles: number;
}

/**
 * Gives back reservations that ran out, removes objects that belong to no file, forgets what was
 * deleted long ago. Idempotent, and safe beside other instances: each change is decided in SQL.
 */
export async function sweep(context: StorageContext, log: Logger): Promise<Swept> {
  const { database, now } = context;
  const ago = (ms: number): Date => new Date(now() - ms);
  let expiredReservations = 0;
  for (const fileId of await expiredFileIds(database, ago(0), maxPerSweep)) {
    const file = await deleteFile(context, fileId, ['pending'], log);
    if (file !== undefined) expiredReservations += 1;
  }
  for (const fileId of await fileIdsWithStrayParts(database, maxPerSweep)) {
    await detachParts(database, fileId, ago(0));
  }
  const forgottenFiles = await forgetDeleted(database, ago(deletedMs), maxPerSweep);
  // Last, because it stops where the object store is away.
  const unattached = await unattachedObjectIds(database, ago(unattachedMs), maxPerSweep);
  for (const objectId of unattached) await removeObject(context, objectId);
  return { expiredReservations, removedObjects: unattached.length, forgottenFiles };
}

/** Sweeps every minute; returns what stops it. */
export function startSweeping(context: StorageContext, log: Logger): () => Promise<void> {
  const run = async (): Promise<void> => {
    const swept = await sweep(context, log);
    if (Object.values(swept).some((count) => count > 0)) log.info(swept, 'swept');
  };
  return repeatEvery({ intervalMs, what: 'the sweep', log, run });
}
