import { FILE_SHARES_MAX, type FileShare, type FileShares } from '@secureconnect/contracts';
import { storage } from '@secureconnect/contracts/endpoints';
import { ApiError } from '@secureconnect/service';
import type { RouteContext } from '../context.ts';
import { requireReach } from '../require-reach.ts';
import type { FileRow } from '../stores/file-row.ts';
import { addShare, takeShareBack } from '../stores/file-shares.ts';
import { conversationsReached, isReached } from '../stores/readers.ts';
import { route } from './route.ts';
import { noSuchFile, ownFile } from './stored-file.ts';

/** Maximum conversations in the list for a file's owner. */
const maxListed = 1000;

const share = route(
  storage.shareFile,
  {},
  async ({ user, params, body, context }): Promise<FileShare> => {
    const { fileId } = await liveFile(context, params.file_id, user.userId);
    const { conversation_id: conversationId } = body;
    await requireReach(context.database, conversationId, user.userId);
    if (!(await addShare(context.database, { fileId, conversationId }, new Date(context.now())))) {
      const message = `This file is shared with ${FILE_SHARES_MAX} conversations, the maximum; unshare one first.`;
      throw new ApiError('CONFLICT', message);
    }
    return { file_id: fileId, conversation_id: conversationId, shared: true };
  },
);

const takeBack = route(
  storage.unshareFile,
  {},
  async ({ user, params, context }): Promise<FileShare> => {
    const file = await liveFile(context, params.file_id, user.userId);
    const { conversation_id: conversationId } = params;
    const key = { fileId: file.fileId, conversationId };
    if (await isReached(context.database, file, conversationId)) {
      await takeShareBack(context.database, key, new Date(context.now()));
    }
    return { file_id: file.fileId, conversation_id: conversationId, shared: false };
  },
);

const list = route(
  storage.listFileShares,
  {},
  async ({ user, params, context }): Promise<FileShares> => {
    const file = await liveFile(context, params.file_id, user.userId);
    return { conversation_ids: await conversationsReached(context.database, file, maxListed) };
  },
);

async function liveFile(context: RouteContext, fileId: string, userId: string): Promise<FileRow> {
  const file = await ownFile(context, fileId, userId);
  if (file.status === 'deleted') throw noSuchFile();
  return file;
}

export const shareRoutes = { shareFile: share, listFileShares: list, unshareFile: takeBack };
