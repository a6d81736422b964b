import type { Logger } from '@secureconnect/service';
import type { StorageContext } from '../context.ts';
import type { FileRow, FileStatus } from '../stores/file-row.ts';
import { retire } from '../stores/quota.ts';
import { releaseObject } from './release-object.ts';

/**
 * Deletes a file in one of the states `from` and frees its quota. Its objects are removed now if
 * possible, or else by the sweep. Returns the file from before, or undefined if it was in a
 * different state.
 */
export async function deleteFile(
  context: StorageContext,
  fileId: string,
  from: readonly FileStatus[],
  log: Logger,
): Promise<FileRow | undefined> {
  const retired = await retire(context.database, fileId, from, new Date(context.now()));
  if (retired === undefined) return undefined;
  await releaseObject(context, retired.objectId, log);
  if (retired.status === 'pending') await context.transfers.discard(retired, log);
  return retired;
}
