import type { Sql } from '@secureconnect/postgres';
import {
  type FileRow,
  type FileStatus,
  fileColumns,
  fileRow,
  type RawFileRow,
} from './file-row.ts';

// Each change below is one statement, so that a file and its owner's usage change together. A
// statement waits for the row that another one is changing and then judges its new value, in
// PostgreSQL and in CockroachDB alike; a SERIALIZABLE transaction would fail and be tried again
// for each of many uploads at once.

/** What a user's quota is spent on, in bytes. */
export interface Usage {
  readonly usedBytes: number;
  readonly reservedBytes: number;
}

export interface NewFile {
  readonly fileId: string;
  readonly ownerId: string;
  readonly conversationId: string | undefined;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly isEncrypted: boolean;
  readonly createdAt: Date;
  readonly reservedUntil: Date;
}

export async function usageOf(sql: Sql, userId: string): Promise<Usage> {
  const [row] = await sql.query<{ used_bytes: string; reserved_bytes: string }>(
    'SELECT used_bytes, reserved_bytes FROM storage.usage WHERE user_id = $1',
    [userId],
  );
  return {
    usedBytes: Number(row?.used_bytes ?? 0),
    reservedBytes: Number(row?.reserved_bytes ?? 0),
  };
}

/** Makes a pending file and reserves its bytes. False when the quota has no room for them. */
export async function reserve(sql: Sql, file: NewFile, quotaBytes: number): Promise<boolean> {
  await sql.execute('INSERT INTO storage.usage (user_id) VALUES ($1) ON CONFLICT DO NOTHING', [
    file.ownerId,
  ]);
  const made = await sql.query(
    `WITH reserved AS (
       UPDATE storage.usage SET reserved_bytes = reserved_bytes + $5
       WHERE user_id = $2 AND used_bytes + reserved_bytes + $5 <= $10 RETURNING user_id)
     INSERT INTO storage.files (file_id, owner_id, conversation_id, file_name, file_size,
       content_type, is_encrypted, status, created_at, reserved_until)
     SELECT $1::uuid, user_id, $3::uuid, $4, $5::bigint, $6, $7::boolean, 'pending',
       $8::timestamptz, $9::timestamptz
     FROM reserved RETURNING file_id`,
    [
      file.fileId,
      file.ownerId,
      file.conversationId ?? null,
      file.fileName,
      file.sizeBytes,
      file.contentType,
      file.isEncrypted,
      file.createdAt,
      file.reservedUntil,
      quotaBytes,
    ],
  );
  return made.length > 0;
}

/**
 * Turns a reservation into use, provided that the file's bytes are still those of `objectId`.
 * Returns the file, or undefined where it has changed since it was looked at.
 */
export async function complete(
  sql: Sql,
  fileId: string,
  objectId: string,
): Promise<FileRow | undefined> {
  const rows = await sql.query<RawFileRow>(
    `WITH completed AS (
       UPDATE storage.files SET status = 'uploaded'
       WHERE file_id = $1 AND status = 'pending' AND object_id = $2 RETURNING ${fileColumns}),
     moved AS (
       UPDATE storage.usage SET used_bytes = used_bytes + completed.file_size,
         reserved_bytes = reserved_bytes - completed.file_size
       FROM completed WHERE user_id = completed.owner_id RETURNING user_id)
     SELECT ${fileColumns} FROM completed`,
    [fileId, objectId],
  );
  return rows.map(fileRow)[0];
}

/**
 * Deletes a file that is in one of the states `from`, gives its bytes back to the quota and lets go
 * of its object. Returns the file as it was, or undefined where it was not in such a state.
 */
export async function retire(
  sql: Sql,
  fileId: string,
  from: readonly FileStatus[],
  now: Date,
): Promise<FileRow | undefined> {
  const rows = await sql.query<RawFileRow>(
    `WITH target AS (
       SELECT ${fileColumns} FROM storage.files
       WHERE file_id = $1 AND status = ANY($2::text[]) FOR UPDATE),
     retired AS (
       UPDATE storage.files SET status = 'deleted', deleted_at = $3 FROM target
       WHERE storage.files.file_id = target.file_id RETURNING storage.files.file_id),
     freed AS (
       UPDATE storage.usage SET
         used_bytes = used_bytes - CASE target.status WHEN 'uploaded' THEN file_size ELSE 0 END,
         reserved_bytes =
           reserved_bytes - CASE target.status WHEN 'pending' THEN file_size ELSE 0 END
       FROM target WHERE user_id = target.owner_id RETURNING user_id),
     released AS (
       INSERT INTO storage.unattached_objects (object_id, since)
       SELECT object_id, $3::timestamptz FROM target WHERE object_id IS NOT NULL
       RETURNING object_id)
     SELECT ${fileColumns} FROM target`,
    [fileId, [...from], now],
  );
  return rows.map(fileRow)[0];
}
