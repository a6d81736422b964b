import type { Database, Sql } from '@secureconnect/postgres';

/** Records that an object is about to be written, or does not belong to a file any more. */
export async function announceObject(sql: Sql, objectId: string, now: Date): Promise<void> {
  await sql.execute('INSERT INTO storage.unattached_objects (object_id, since) VALUES ($1, $2)', [
    objectId,
    now,
  ]);
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
  database: Database,
  { fileId, objectId, sha256 }: Arrived,
  now: Date,
): Promise<Attached> {
  return database.transaction(async (sql) => {
    const [file] = await sql.query<{ object_id: string | null }>(
      `SELECT object_id FROM storage.files WHERE file_id = $1 AND status = 'pending' FOR UPDATE`,
      [fileId],
    );
    if (file === undefined) return { attached: false };
    // It took so long that the sweep has removed it from the list.
    if (!(await forgetObject(sql, objectId))) return { attached: false };
    await sql.execute('UPDATE storage.files SET object_id = $2, sha256 = $3 WHERE file_id = $1', [
      fileId,
      objectId,
      sha256,
    ]);
    if (file.object_id !== null) await announceObject(sql, file.object_id, now);
    return { attached: true, replacedId: file.object_id ?? undefined };
  });
}

/**
 * Refuses the uploaded bytes of a pending file, so that they can never become the file's. An
 * attached object becomes unattached. False if the file has changed since it was read, so the bytes
 * may be in use.
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
       UPDATE storage.files SET generation = generation + 1, object_id = NULL, sha256 = NULL
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
