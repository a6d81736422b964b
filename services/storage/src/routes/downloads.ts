import { DownloadTarget } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import { findFile } from '../stores/files.ts';
import { isReader } from '../stores/readers.ts';
import { route } from './route.ts';
import { noSuchFile } from './stored-file.ts';

const downloadUrl = route.get(
  '/v1/storage/download-url/:file_id',
  {
    operation: 'storage/download-url',
    summary:
      'Get a URL, good for an hour, to GET the bytes from; for the owner, and for participants of conversations that the file was shared or forwarded to.',
    auth: 'bearer',
    reply: DownloadTarget,
    whenRedisDown: {},
  },
  async ({ user, params, context }) => {
    const file = await findFile(context.database, params.file_id);
    if (file === undefined || file.status === 'deleted') throw noSuchFile();
    const isOwner = file.ownerId === user.userId;
    if (!isOwner && !(await isReader(context.database, file, user.userId))) throw noSuchFile();
    if (file.status !== 'uploaded') {
      throw new ApiError('CONFLICT', 'The upload of this file is not complete.');
    }
    context.objects.refuseWhileAway();
    const { url, expiresAt } = await context.transfers.downloadUrl(file);
    return { download_url: url, expires_at: expiresAt.toISOString() };
  },
);

export const downloadRoutes = [downloadUrl];
