import { type Database, isDatabaseUnavailable } from '@secureconnect/postgres';
import { ApiError, type Logger } from '@secureconnect/service';
import type { ObjectStore } from '../objects/object-store.ts';
import { forgetObject } from '../stores/unattached-objects.ts';

/** What the removal of objects needs. */
export interface Removing {
  readonly objects: ObjectStore;
  readonly database: Database;
}

/** Removes an object that belongs to no file, then removes it from the list. */
export async function removeObject(
  { objects, database }: Removing,
  objectId: string,
): Promise<void> {
  await objects.remove(objectId);
  await forgetObject(database, objectId);
}

/**
 * Removes an object now if possible. Otherwise it stays on the list and the sweep removes it later,
 * so the request succeeds in both cases.
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

/** Logs that an object was not removed; at `debug` if an outage, already logged, is the reason. */
export function noteLeftObject(log: Logger, objectId: string, error: unknown): void {
  const isAway = error instanceof ApiError || isDatabaseUnavailable(error);
  const fields = { err: error, object_id: objectId };
  log[isAway ? 'debug' : 'warn'](fields, 'object could not be removed; left to the sweep');
}
