import type { Database } from '@secureconnect/postgres';
import type { ListedObject, ObjectStore } from '../objects/object-store.ts';
import {
  type KeptFile,
  keptFiles,
  knownObjects,
  repairUsage,
  type UsageDifference,
  usageDifferences,
} from '../stores/reconciliation.ts';

/** A file with missing bytes. */
export interface Missing extends KeptFile {
  /** Undefined if there is no object. */
  readonly foundBytes: number | undefined;
}

/** The differences between the rows and the object store. */
export interface Reconciliation {
  readonly objects: number;
  readonly files: number;
  readonly missing: readonly Missing[];
  /** Objects that belong to no file, older than `graceMs`. */
  readonly orphans: readonly ListedObject[];
  /** Objects that this service did not create; they are only reported. */
  readonly foreign: readonly ListedObject[];
  readonly usage: readonly UsageDifference[];
}

export interface ReconcileOptions {
  readonly database: Database;
  readonly objects: ObjectStore;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Younger objects are ignored. */
  readonly graceMs: number;
  /** Whether to remove orphans and correct usages. Lost bytes stay lost. */
  readonly fix: boolean;
}

const pageSize = 500;
/** Maximum concurrent calls to the store. */
const maxCallsAtOnce = 8;
const firstId = '00000000-0000-0000-0000-000000000000';

/**
 * Compares the rows with the object store. Idempotent, and safe to run beside any number of
 * instances. Returns the differences from before they were repaired.
 */
export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  const { database, objects, fix } = options;
  const listed = await readStore(options);
  const kept = await readFiles(options);
  const usage = await usageDifferences(database);
  if (fix) {
    for (const { objectId } of listed.orphans) {
      if (objectId !== undefined) await objects.remove(objectId);
    }
    for (const { userId } of usage) await repairUsage(database, userId);
  }
  return { ...listed, ...kept, usage };
}

/** The objects of the store that belong to no file. */
async function readStore({ database, objects, now, graceMs }: ReconcileOptions) {
  const orphans: ListedObject[] = [];
  const foreign: ListedObject[] = [];
  let count = 0;
  for await (const page of inPages(objects.list())) {
    count += page.length;
    const ids = page.flatMap(({ objectId }) => objectId ?? []);
    const known = await knownObjects(database, ids);
    for (const object of page) {
      if (object.objectId === undefined) foreign.push(object);
      else if (known.has(object.objectId)) continue;
      else if (object.changedAt.getTime() < now() - graceMs) orphans.push(object);
    }
  }
  return { objects: count, orphans, foreign };
}

/** The files with missing bytes. */
async function readFiles({ database, objects }: ReconcileOptions) {
  const missing: Missing[] = [];
  let count = 0;
  let page = await keptFiles(database, firstId, pageSize);
  while (page.length > 0) {
    count += page.length;
    for (let at = 0; at < page.length; at += maxCallsAtOnce) {
      const some = page.slice(at, at + maxCallsAtOnce);
      const sizes = await Promise.all(some.map(({ objectId }) => objects.sizeOf(objectId)));
      missing.push(
        ...some
          .map((file, index) => ({ ...file, foundBytes: sizes[index] }))
          .filter(({ sizeBytes, foundBytes }) => sizeBytes !== foundBytes),
      );
    }
    page = await keptFiles(database, page.at(-1)?.fileId ?? '', pageSize);
  }
  return { files: count, missing };
}

async function* inPages(
  listed: AsyncIterable<ListedObject>,
): AsyncGenerator<readonly ListedObject[]> {
  let page: ListedObject[] = [];
  for await (const object of listed) {
    page.push(object);
    if (page.length < pageSize) continue;
    yield page;
    page = [];
  }
  yield page;
}
