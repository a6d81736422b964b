import { type Logger, repeatEvery } from '@secureconnect/service';
import type { StorageContext } from './context.ts';
import { removeObject } from './release-object.ts';
import { expiredFileIds, forgetDeleted } from './stores/files.ts';
import { retire } from './stores/quota.ts';
import { unattachedObjectIds } from './stores/unattached-objects.ts';

const intervalMs = 60_000;
/** At most so many of each kind in one sweep; the next one goes on. */
const mostAtOnce = 200;
/** No request lasts this long, so nobody is still writing or reading such an object. */
const unattachedMs = 60 * 60_000;
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
export async function sweep(context: StorageContext): Promise<Swept> {
  const { database, now } = context;
  const ago = (ms: number): Date => new Date(now() - ms);
  let expiredReservations = 0;
  for (const fileId of await expiredFileIds(database, ago(0), mostAtOnce)) {
    const file = await retire(database, fileId, ['pending'], ago(0));
    if (file === undefined) continue;
    expiredReservations += 1;
    if (file.objectId !== undefined) await removeObject(context, file.objectId);
  }
  const unattached = await unattachedObjectIds(database, ago(unattachedMs), mostAtOnce);
  for (const objectId of unattached) await removeObject(context, objectId);
  const forgottenFiles = await forgetDeleted(database, ago(deletedMs), mostAtOnce);
  return { expiredReservations, removedObjects: unattached.length, forgottenFiles };
}

/** Sweeps every minute; returns what stops it. */
export function startSweeping(context: StorageContext, log: Logger): () => Promise<void> {
  const run = async (): Promise<void> => {
    const swept = await sweep(context);
    if (Object.values(swept).some((count) => count > 0)) log.info(swept, 'swept');
  };
  return repeatEvery({ intervalMs, what: 'the sweep', log, run });
}
