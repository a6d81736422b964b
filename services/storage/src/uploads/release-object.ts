import { isDatabaseUnavailable, type Sql } from '@secureconnect/postgres';
import { ApiError, isOwnMistake, type Logger } from '@secureconnect/service';
import type { ObjectStore } from '../objects/object-store.ts';
import { forgetObject } from '../stores/unattached-objects.ts';

/** What the removal of objects needs. */
export interface Removing {
  readonly objects: Pick<ObjectStore, 'remove'>;
  readonly database: Sql;
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
 * Takes note of an object that was not removed now, and why. Throws the error if the caller must
 * know of it.
 */
export type OnLeft = (objectId: string, error: unknown) => void;

/** Removes an object now if possible. Otherwise it stays on the list, for the sweep. */
export async function releaseOrLeave(
  removing: Removing,
  objectId: string | undefined,
  onLeft: OnLeft,
): Promise<void> {
  if (objectId === undefined) return;
  try {
    await removeObject(removing, objectId);
  } catch (error) {
    onLeft(objectId, error);
  }
}

/** The same for a request that succeeds in both cases. */
export function releaseObject(
  removing: Removing,
  objectId: string | undefined,
  log: Logger,
): Promise<void> {
  return releaseOrLeave(removing, objectId, leftToSweep(log));
}

/** Logs what was not removed; at `debug` if an outage, already logged, is the reason. */
export function leftToSweep(log: Logger): OnLeft {
  return (objectId, error) => {
    const fields = { err: error, object_id: objectId };
    log[levelOf(error)](fields, 'object could not be removed; left to the sweep');
  };
}

function levelOf(error: unknown): 'debug' | 'warn' | 'error' {
  if (error instanceof ApiError || isDatabaseUnavailable(error)) return 'debug';
  return isOwnMistake(error) ? 'error' : 'warn';
}
