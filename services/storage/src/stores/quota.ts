import type { Sql } from '@secureconnect/postgres';
import {
  type FileRow,
  type FileStatus,
  fileColumns,
  fileRow,
  type RawFileRow,
} from './file-row.ts';

// Each change below is one statement, so that a file and its owner's usage change together. In
// PostgreSQL and CockroachDB, a statement waits for a row that is being changed and then sees its
// new value. With many concurrent uploads, SERIALIZABLE transactions would fail and retry instead.

/** How much of a user's quota is spent, in bytes. */
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
  /** The SHA-256 that the client announced. */
  readonly announcedSha256: string | undefined;
  /** The size of each part except the last one, for an upload in parts. */
  readonly partBytes: number | undefined;
  readonly createdAt: Date;
  readonly reservedUntil: Date;
  /**
   * The time from which an object with the id of the file belongs to no file. Undefined if clients
   * do not write objects themselves.
   */
  readonly ownObjectUntil: Date | undefined;
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

/** Creates a pending file and reserves its bytes. False if the quota has no room for them. */
export async function reserve(sql: Sql, file: NewFile, quotaBytes: number): Promise<boolean> {
  await sql.execute('INSERT INTO storage.usage (user_id) VALUES ($1) ON CONFLICT DO NOTHING', [
    file.ownerId,
  ]);
  const made = await sql.query(
    `WITH reserved AS (
       UPDATE storage.usage SET reserved_bytes = reserved_bytes + $5
       WHERE user_id = $2 AND used_bytes + reserved_bytes + $5 <= $10 RETURNING user_id),
     announced AS (
       INSERT INTO storage.unattached_objects (object_id, since)
       SELECT $1::uuid, $13::timestamptz FROM reserved WHERE $13::timestamptz IS NOT NULL
       RETURNING object_id)
     INSERT INTO storage.files (file_id, owner_id, conversation_id, file_name, file_size,
       content_type, is_encrypted, status, created_at, reserved_until, announced_sha256, part_bytes)
     SELECT $1::uuid, user_id, $3::uuid, $4, $5::bigint, $6, $7::boolean, 'pending',
       $8::timestamptz, $9::timestamptz, $11::text, $12::bigint
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
      file.announcedSha256 ?? null,
      file.partBytes ?? null,
      file.ownObjectUntil ?? null,
    ],
  );
  return made.length > 0;
}

/** The bytes of a file, once clients cannot change them any more. */
export interface ArrivedObject {
  readonly objectId: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

/**
 * Completes a pending file with an object: the attached one, or, if it has none, an announced one.
 * The reservation becomes usage, unless the file must be scanned first, at `scanDue`. Returns the
 * file, or undefined if it has changed since it was read.
 */
export async function complete(
  sql: Sql,
  { fileId, generation }: Pick<FileRow, 'fileId' | 'generation'>,
  { objectId, sha256 }: ArrivedObject,
  scanDue: Date | undefined,
): Promise<FileRow | undefined> {
  const rows = await sql.query<RawFileRow>(
    `WITH completed AS (
       UPDATE storage.files SET object_id = $2, sha256 = $3, scan_due = $4::timestamptz,
         status = CASE WHEN $4::timestamptz IS NULL THEN 'uploaded' ELSE 'quarantined' END
       WHERE file_id = $1 AND status = 'pending' AND generation = $5 AND
         (object_id = $2 OR (object_id IS NULL AND EXISTS (
           SELECT 1 FROM storage.unattached_objects AS listed WHERE listed.object_id = $2)))
       RETURNING ${fileColumns}),
     attached AS (
       DELETE FROM storage.unattached_objects WHERE object_id IN (SELECT object_id FROM completed)
       RETURNING object_id),
     moved AS (
       UPDATE storage.usage SET used_bytes = used_bytes + completed.file_size,
         reserved_bytes = reserved_bytes - completed.file_size
       FROM completed WHERE user_id = completed.owner_id AND completed.status = 'uploaded'
       RETURNING user_id)
     SELECT ${fileColumns} FROM completed`,
    [fileId, objectId, sha256, scanDue ?? null, generation],
  );
  return rows.map(fileRow)[0];
}

/**
 * Deletes a file in one of the states `from`, frees its quota and detaches its object. Returns the
 * file from before, or undefined if it was in a different state.
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
           reserved_bytes - CASE target.status WHEN 'uploaded' THEN 0 ELSE file_size END
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
