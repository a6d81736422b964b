import { storage } from '@secureconnect/contracts/endpoints';
import { cursorOf, positionOf } from '../page-cursor.ts';
import { listFiles } from '../stores/files.ts';
import { deleteFile } from '../uploads/delete-file.ts';
import { route } from './route.ts';
import { ownFile, storedFile } from './stored-file.ts';

const list = route(storage.listFiles, {}, async ({ user, query, context }) => {
  const found = await listFiles(context.database, {
    ownerId: user.userId,
    conversationId: query.conversation_id,
    after: query.cursor === undefined ? undefined : positionOf(query.cursor),
    limit: query.limit + 1,
  });
  const files = found.slice(0, query.limit);
  const last = files.at(-1);
  const hasMore = found.length > files.length;
  return {
    files: files.map(storedFile),
    next_cursor: hasMore && last !== undefined ? cursorOf(last) : null,
    has_more: hasMore,
  };
});

const remove = route(storage.deleteFile, {}, async ({ user, params, context, log }) => {
  const file = await ownFile(context, params.file_id, user.userId);
  await deleteFile(context, file.fileId, ['pending', 'quarantined', 'uploaded'], log);
  return storedFile({ ...file, status: 'deleted' });
});

export const fileRoutes = { listFiles: list, deleteFile: remove };
