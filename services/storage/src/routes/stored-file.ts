import type { StoredFile } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import type { RouteContext } from '../context.ts';
import type { FileRow } from '../stores/file-row.ts';
import { findFile } from '../stores/files.ts';

/** A file as clients see it; a quarantined file looks pending. */
export function storedFile(file: FileRow): StoredFile {
  return {
    file_id: file.fileId,
    file_name: file.fileName,
    file_size: file.sizeBytes,
    content_type: file.contentType,
    status: file.status === 'quarantined' ? 'pending' : file.status,
    created_at: file.createdAt.toISOString(),
  };
}

/** A user's own file, deleted or not. Throws NOT_FOUND, also for a file of a different user. */
export async function ownFile(
  { database }: Pick<RouteContext, 'database'>,
  fileId: string,
  userId: string,
): Promise<FileRow> {
  const file = await findFile(database, fileId);
  if (file === undefined || file.ownerId !== userId) throw noSuchFile();
  return file;
}

/** The same error for files that never existed, were deleted, or must not be seen. */
export function noSuchFile(): ApiError {
  return new ApiError('NOT_FOUND', 'There is no such file.');
}
