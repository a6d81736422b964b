import type { Database } from '@secureconnect/postgres';
import type { ListedObject, ObjectStore } from '../objects/object-store.ts';
import {
  type KeptFile,
  keptFiles,
  knownObjects,
  mendUsage,
  type UsageDifference,
  usageDifferences,
} from '../stores/reconciliation.ts';

/** A file whose bytes are not all there. */
export interface Missing extends KeptFile {
  /** Undefined where there is no object at all. */
  readonly foundBytes: number | undefined;
}

/** Where the rows and the object store differ. */
export interface Reconciliation {
  readonly objects: number;
  readonly files: number;
  readonly missing: readonly Missing[];
  /** Objects of nobody, older than the grace. */
  readonly orphans: readonly ListedObject[];
  /** What this service has never put there; nothing is done about it. */
  readonly foreign: readonly ListedObject[];
  readonly usage: readonly UsageDifference[];
}

export interface ReconcileOptions {
  readonly database: Database;
  readonly objects: ObjectStore;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Younger objects are left alone. */
  readonly graceMs: number;
  /** Removes orphans, and makes usages what the files add up to. Bytes that are lost stay lost. */
  readonly fix: boolean;
}

const pageSize = 500;
/** Calls to the store at a time. */
const maxCallsAtOnce = 8;
const firstId = '00000000-0000-0000-0000-000000000000';

/**
 * Compares the rows with the object store; may run beside any number of instances, and again.
 * What it found is returned as it was before it was mended.
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
    for (const { userId } of usage) await mendUsage(database, userId);
  }
  return { ...listed, ...kept, usage };
}

/** What is in the store, and nobody's. */
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

/** Which files have lost their bytes. */
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
