import { storage } from '@secureconnect/contracts/endpoints';
import { ApiError } from '@secureconnect/service';
import { findFile } from '../stores/files.ts';
import { isReader } from '../stores/readers.ts';
import { mayNeedObjects, route } from './route.ts';
import { noSuchFile } from './stored-file.ts';

const downloadUrl = route(
  storage.getDownloadUrl,
  mayNeedObjects,
  async ({ user, params, context }, { objects }) => {
    const file = await findFile(context.database, params.file_id);
    if (file === undefined || file.status === 'deleted') throw noSuchFile();
    const isOwner = file.ownerId === user.userId;
    if (!isOwner && !(await isReader(context.database, file, user.userId))) throw noSuchFile();
    if (file.status !== 'uploaded') {
      throw new ApiError('CONFLICT', 'Upload in progress; retry when it has finished.');
    }
    const { transfers } = await objects.use();
    const { url, expiresAt } = await transfers.downloadUrl(file);
    return { download_url: url, expires_at: expiresAt.toISOString() };
  },
);

export const downloadRoutes = { getDownloadUrl: downloadUrl };
