import type { Logger } from '@secureconnect/service';
import type { StorageContext } from '../context.ts';
import { detachParts } from '../stores/parts.ts';
import { filesOfOwner, forgetFile, forgetUsage } from '../stores/user-data.ts';
import { deleteFile } from './delete-file.ts';
import { removeObject } from './release-object.ts';
import { removalsLater } from './removals.ts';

const batchSize = 100;

/**
 * Erases the files of a user whose account is deleted, their bytes first: the row of a file goes when
 * its object has gone, so a crash or an outage of the store loses track of none. Throws
 * SERVICE_UNAVAILABLE while the store is down.
 */
export async function eraseUser(
  context: StorageContext,
  userId: string,
  log: Logger,
): Promise<void> {
  const deleting = { ...context, removals: removalsLater(context) };
  for (;;) {
    const files = await filesOfOwner(context.database, userId, batchSize);
    for (const { fileId, objectId } of files) {
      await deleteFile(deleting, fileId, ['pending', 'quarantined', 'uploaded'], log);
      // Also if it is on the list of unattached objects: removing it again changes nothing.
      if (objectId !== undefined) await removeObject(context, objectId);
      const parts = await detachParts(context.database, fileId, new Date(context.now()));
      for (const part of parts) await removeObject(context, part);
      await forgetFile(context.database, fileId);
    }
    if (files.length < batchSize) break;
  }
  await forgetUsage(context.database, userId);
}
