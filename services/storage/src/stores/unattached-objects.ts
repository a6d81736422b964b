import type { Sql } from '@secureconnect/postgres';
import type { FileStatus } from './file-row.ts';

/** Records that an object is about to be written, or does not belong to a file any more. */
export async function announceObject(sql: Sql, objectId: string, now: Date): Promise<void> {
  await sql.execute('INSERT INTO storage.unattached_objects (object_id, since) VALUES ($1, $2)', [
    objectId,
    now,
  ]);
}

/**
 * Records that an object is about to be written for a file, if that is pending. Returns the status
 * of the file; undefined if there is none.
 */
export async function announceObjectOf(
  sql: Sql,
  fileId: string,
  objectId: string,
  now: Date,
): Promise<FileStatus | undefined> {
  const [file] = await sql.query<{ status: FileStatus }>(
    `WITH target AS (SELECT status FROM storage.files WHERE file_id = $1),
     announced AS (
       INSERT INTO storage.unattached_objects (object_id, since)
       SELECT $2::uuid, $3::timestamptz FROM target WHERE status = 'pending'
       RETURNING object_id)
     SELECT status FROM target`,
    [fileId, objectId, now],
  );
  return file?.status;
}

export interface Arrived {
  readonly fileId: string;
  readonly objectId: string;
  readonly sha256: string;
}

/** The result of attaching an object to a file. */
export type Attached =
  | { readonly attached: true; readonly replacedId: string | undefined }
  | { readonly attached: false };

/**
 * Attaches an announced object to a pending file. An earlier object becomes unattached. Changes
 * nothing if the file is not pending.
 */
export async function attachObject(
  sql: Sql,
  { fileId, objectId, sha256 }: Arrived,
  now: Date,
): Promise<Attached> {
  // The object is not listed any more if it took so long that the sweep has removed it.
  const [file] = await sql.query<{ object_id: string | null }>(
    `WITH target AS (
       SELECT file_id, object_id FROM storage.files
       WHERE file_id = $1 AND status = 'pending' FOR UPDATE),
     listed AS (
       DELETE FROM storage.unattached_objects
       WHERE object_id = $2 AND EXISTS (SELECT 1 FROM target) RETURNING object_id),
     attached AS (
       UPDATE storage.files SET object_id = listed.object_id, sha256 = $3 FROM target, listed
       WHERE files.file_id = target.file_id RETURNING files.file_id),
     detached AS (
       INSERT INTO storage.unattached_objects (object_id, since)
       SELECT target.object_id, $4::timestamptz FROM target, attached
       WHERE target.object_id IS NOT NULL
       RETURNING object_id)
     SELECT target.object_id FROM target, attached`,
    [fileId, objectId, sha256, now],
  );
  if (file === undefined) return { attached: false };
  return { attached: true, replacedId: file.object_id ?? undefined };
}

/**
 * Refuses the uploaded bytes of a pending file, so that they can never become the file's: an
 * attached object becomes unattached, and the upload of joined parts has ended. False if the file has
 * changed since it was read, so the bytes may be in use.
 */
export async function refuseArrived(
  sql: Sql,
  { fileId, generation }: { fileId: string; generation: number },
  objectId: string,
  now: Date,
): Promise<boolean> {
  const refused = await sql.query(
    `WITH target AS (
       SELECT file_id, object_id FROM storage.files
       WHERE file_id = $1 AND status = 'pending' AND generation = $2
         AND (object_id IS NULL OR object_id = $3) FOR UPDATE),
     refused AS (
       UPDATE storage.files SET generation = generation + 1, object_id = NULL, sha256 = NULL,
         upload_id = NULL
       FROM target WHERE files.file_id = target.file_id RETURNING files.file_id),
     detached AS (
       INSERT INTO storage.unattached_objects (object_id, since)
       SELECT object_id, $4::timestamptz FROM target WHERE object_id IS NOT NULL
       RETURNING object_id)
     SELECT file_id FROM target`,
    [fileId, generation, objectId, now],
  );
  return refused.length > 0;
}

/** Removes an object from the list: it belongs to a file, or is gone. False if it was not on it. */
export async function forgetObject(sql: Sql, objectId: string): Promise<boolean> {
  const removed = await sql.execute('DELETE FROM storage.unattached_objects WHERE object_id = $1', [
    objectId,
  ]);
  return removed > 0;
}

/**
 * Objects that have been unattached since before `before`, oldest first. An object with the id of a
 * pending file may still become that file's, so it is left out.
 */
export async function unattachedObjectIds(
  sql: Sql,
  before: Date,
  limit: number,
): Promise<string[]> {
  const rows = await sql.query<{ object_id: string }>(
    `SELECT object_id FROM storage.unattached_objects WHERE since < $1 AND NOT EXISTS (
       SELECT 1 FROM storage.files WHERE file_id = unattached_objects.object_id
         AND status = 'pending')
     ORDER BY since LIMIT $2`,
    [before, limit],
  );
  return rows.map((row) => row.object_id);
}
