import { type Database, isDatabaseUnavailable } from '@secureconnect/postgres';
import { ApiError, type Logger } from '@secureconnect/service';
import type { ObjectStore } from '../objects/object-store.ts';
import { forgetObject } from '../stores/unattached-objects.ts';

/** What objects are removed with. */
export interface Removing {
  readonly objects: ObjectStore;
  readonly database: Database;
}

/** Removes an object that belongs to no file, then takes it off the list. */
export async function removeObject(
  { objects, database }: Removing,
  objectId: string,
): Promise<void> {
  await objects.remove(objectId);
  await forgetObject(database, objectId);
}

/**
 * Does it now where that works. Where it does not, the object stays on the list and the sweep
 * removes it later, so the request that let go of it succeeds all the same.
 */
export async function releaseObject(
  removing: Removing,
  objectId: string | undefined,
  log: Logger,
): Promise<void> {
  if (objectId === undefined) return;
  try {
    await removeObject(removing, objectId);
  } catch (error) {
    noteLeftObject(log, objectId, error);
  }
}

/** Of an object that could not be removed now. What is away has been told of where it was used. */
export function noteLeftObject(log: Logger, objectId: string, error: unknown): void {
  const isAway = error instanceof ApiError || isDatabaseUnavailable(error);
  const fields = { err: error, object_id: objectId };
  log[isAway ? 'debug' : 'warn'](fields, 'object could not be removed; left to the sweep');
}
