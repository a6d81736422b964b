import type { Sql } from '@secureconnect/postgres';
import type { Position } from '@secureconnect/service';
import { type FileRow, fileColumns, fileRow, type RawFileRow } from './file-row.ts';

/** A file in any state; undefined if there is none. */
export async function findFile(sql: Sql, fileId: string): Promise<FileRow | undefined> {
  const rows = await sql.query<RawFileRow>(
    `SELECT ${fileColumns} FROM storage.files WHERE file_id = $1`,
    [fileId],
  );
  return rows.map(fileRow)[0];
}

export interface OwnFilesQuery {
  readonly ownerId: string;
  readonly conversationId: string | undefined;
  readonly after: Position;
  readonly limit: number;
}

/** A user's files that are not deleted, newest first. */
export async function listFiles(sql: Sql, query: OwnFilesQuery): Promise<FileRow[]> {
  const { ownerId, conversationId, after, limit } = query;
  const rows = await sql.query<RawFileRow>(
    `SELECT ${fileColumns} FROM storage.files
     WHERE owner_id = $1 AND status <> 'deleted'
       AND ($2::uuid IS NULL OR conversation_id = $2 OR EXISTS (
         SELECT 1 FROM storage.file_shares AS listed
         WHERE listed.file_id = files.file_id AND listed.conversation_id = $2 AND shared))
       AND (created_at, file_id) < ($3::timestamptz, $4::uuid)
     ORDER BY created_at DESC, file_id DESC LIMIT $5`,
    [ownerId, conversationId ?? null, after.at, after.id, limit],
  );
  return rows.map(fileRow);
}

/** Pending files whose reservation ended before `before`, oldest first. */
export async function expiredFileIds(sql: Sql, before: Date, limit: number): Promise<string[]> {
  const rows = await sql.query<{ file_id: string }>(
    `SELECT file_id FROM storage.files WHERE status = 'pending' AND reserved_until < $1
     ORDER BY reserved_until LIMIT $2`,
    [before, limit],
  );
  return rows.map((row) => row.file_id);
}

/** Removes rows of files deleted before `before`, and their shares. Returns how many. */
export async function forgetDeleted(sql: Sql, before: Date, limit: number): Promise<number> {
  const forgotten = await sql.query(
    `WITH forgotten AS (
       DELETE FROM storage.files WHERE file_id IN (
         SELECT file_id FROM storage.files WHERE status = 'deleted' AND deleted_at < $1 LIMIT $2)
       RETURNING file_id),
     unshared AS (
       DELETE FROM storage.file_shares WHERE file_id IN (SELECT file_id FROM forgotten)
       RETURNING file_id)
     SELECT file_id FROM forgotten`,
    [before, limit],
  );
  return forgotten.length;
}

/** Stores the S3's id of the upload in parts of a pending file. */
export async function setUploadId(sql: Sql, fileId: string, uploadId: string): Promise<void> {
  await sql.execute(
    `UPDATE storage.files SET upload_id = $2 WHERE file_id = $1 AND status = 'pending'`,
    [fileId, uploadId],
  );
}
