import { DownloadTarget } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import type { StorageContext } from '../context.ts';
import type { FileRow } from '../stores/file-row.ts';
import { findFile } from '../stores/files.ts';
import { isMember } from '../stores/membership.ts';
import { route } from './route.ts';
import { noSuchFile } from './stored-file.ts';

const downloadUrl = route.get(
  '/v1/storage/download-url/:file_id',
  {
    operation: 'storage/download-url',
    summary: 'Get a URL, good for an hour, to GET the bytes from.',
    auth: 'bearer',
    reply: DownloadTarget,
    whenRedisDown: {},
  },
  async ({ user, params, context }) => {
    const file = await findFile(context.database, params.file_id);
    if (file === undefined || file.status === 'deleted') throw noSuchFile();
    if (!(await maySee(context, file, user.userId))) throw noSuchFile();
    if (file.status !== 'uploaded') {
      throw new ApiError('CONFLICT', 'The upload of this file is not complete.');
    }
    context.objects.refuseWhileAway();
    const { url, expiresAt } = await context.transfers.downloadUrl(file);
    return { download_url: url, expires_at: expiresAt.toISOString() };
  },
);

/** Its owner, and whoever takes part in the conversation that it was shared to. */
async function maySee(
  { database }: StorageContext,
  { ownerId, conversationId }: FileRow,
  userId: string,
): Promise<boolean> {
  if (ownerId === userId) return true;
  return conversationId !== undefined && isMember(database, conversationId, userId);
}

export const downloadRoutes = [downloadUrl];
