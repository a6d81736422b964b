import type { Database, Sql } from '@secureconnect/postgres';

/** Says that an object is about to be written. */
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

/** What became of an object that was to be the bytes of a file. */
export type Attached =
  | { readonly attached: true; readonly replacedId: string | undefined }
  | { readonly attached: false };

/**
 * Makes an object that was announced the bytes of a pending file, in place of earlier ones, which
 * become unattached. Changes nothing when the file is no longer pending.
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
    // No longer on the list: it took so long that it was swept.
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

/** Takes an object off the list: it is a file's now, or gone. False where it was not on it. */
export async function forgetObject(sql: Sql, objectId: string): Promise<boolean> {
  const removed = await sql.execute('DELETE FROM storage.unattached_objects WHERE object_id = $1', [
    objectId,
  ]);
  return removed > 0;
}

/** Objects that have belonged to no file since before `before`, the oldest first. */
export async function unattachedObjectIds(
  sql: Sql,
  before: Date,
  limit: number,
): Promise<string[]> {
  const rows = await sql.query<{ object_id: string }>(
    'SELECT object_id FROM storage.unattached_objects WHERE since < $1 ORDER BY since LIMIT $2',
    [before, limit],
  );
  return rows.map((row) => row.object_id);
}
