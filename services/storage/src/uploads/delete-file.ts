import type { Logger } from '@secureconnect/service';
import type { StorageContext } from '../context.ts';
import type { FileRow, FileStatus } from '../stores/file-row.ts';
import { retire } from '../stores/quota.ts';
import type { Removals } from './removals.ts';

/** What deleting a file needs. */
export type Deleting = Pick<StorageContext, 'database' | 'now'> & { readonly removals: Removals };

/**
 * Deletes a file in one of the states `from` and frees its quota. Its objects are removed now if
 * possible, or else by the sweep. Returns the file from before, or undefined if it was in a
 * different state.
 */
export async function deleteFile(
  { database, now, removals }: Deleting,
  fileId: string,
  from: readonly FileStatus[],
  log: Logger,
): Promise<FileRow | undefined> {
  const retired = await retire(database, fileId, from, new Date(now()));
  if (retired === undefined) return undefined;
  await removals.release(retired.objectId, log);
  if (retired.status === 'pending') await removals.discard(retired, log);
  return retired;
}
