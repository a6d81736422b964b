import { storage } from '@secureconnect/contracts/endpoints';
import { failOpen } from '@secureconnect/degraded-mode';
import { decodePosition, type Position, toPage } from '@secureconnect/service';
import type { FileRow } from '../stores/file-row.ts';
import { listFiles } from '../stores/files.ts';
import { deleteFile } from '../uploads/delete-file.ts';
import { route } from './route.ts';
import { ownFile, storedFile } from './stored-file.ts';

const list = route(storage.listFiles, {}, async ({ user, query, context }) => {
  const found = await listFiles(context.database, {
    ownerId: user.userId,
    conversationId: query.conversation_id,
    after: decodePosition(query.cursor, 'cursor'),
    limit: query.limit + 1,
  });
  const { entries, next, hasMore } = toPage(found, query.limit, positionOf);
  return { files: entries.map(storedFile), next_cursor: next, has_more: hasMore };
});

const remove = route(
  storage.deleteFile,
  { removals: failOpen.skip() },
  async ({ user, params, context, log }, { removals }) => {
    const file = await ownFile(context, params.file_id, user.userId);
    const from = ['pending', 'quarantined', 'uploaded'] as const;
    await deleteFile({ ...context, removals }, file.fileId, from, log);
    return storedFile({ ...file, status: 'deleted' });
  },
);

const positionOf = ({ createdAt: at, fileId: id }: FileRow): Position => ({ at, id });

export const fileRoutes = { listFiles: list, deleteFile: remove };
