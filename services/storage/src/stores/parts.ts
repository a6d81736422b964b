import type { Database, Sql } from '@secureconnect/postgres';
import { type Attached, announceObject, forgetObject } from './unattached-objects.ts';

/** A part of a file that this service has received itself. */
export interface StoredPart {
  readonly partNumber: number;
  readonly objectId: string;
  readonly sizeBytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

interface RawPart {
  readonly part_number: number;
  readonly object_id: string;
  readonly size_bytes: string;
  readonly sha256: string;
}

/** The parts of a file that have arrived, by number. */
export async function partsOf(sql: Sql, fileId: string): Promise<StoredPart[]> {
  const rows = await sql.query<RawPart>(
    `SELECT part_number, object_id, size_bytes, sha256 FROM storage.parts
     WHERE file_id = $1 ORDER BY part_number`,
    [fileId],
  );
  return rows.map((row) => ({
    partNumber: row.part_number,
    objectId: row.object_id,
    sizeBytes: Number(row.size_bytes),
    sha256: row.sha256,
  }));
}

/**
 * Attaches an announced object to a pending file as a part. An earlier object of the same part
 * becomes unattached. Changes nothing if the file is not pending.
 */
export async function attachPart(
  database: Database,
  fileId: string,
  { partNumber, objectId, sizeBytes, sha256 }: StoredPart,
  now: Date,
): Promise<Attached> {
  return database.transaction(async (sql) => {
    const pending = await sql.query(
      `SELECT file_id FROM storage.files WHERE file_id = $1 AND status = 'pending' FOR UPDATE`,
      [fileId],
    );
    if (pending.length === 0) return { attached: false };
    // It took so long that the sweep has removed it from the list.
    if (!(await forgetObject(sql, objectId))) return { attached: false };
    const [replaced] = await sql.query<{ object_id: string }>(
      'DELETE FROM storage.parts WHERE file_id = $1 AND part_number = $2 RETURNING object_id',
      [fileId, partNumber],
    );
    await sql.execute(
      `INSERT INTO storage.parts (file_id, part_number, object_id, size_bytes, sha256)
       VALUES ($1, $2, $3, $4, $5)`,
      [fileId, partNumber, objectId, sizeBytes, sha256],
    );
    if (replaced !== undefined) await announceObject(sql, replaced.object_id, now);
    return { attached: true, replacedId: replaced?.object_id };
  });
}

/** Detaches all parts of a file; returns their objects, which become unattached. */
export async function detachParts(
  database: Database,
  fileId: string,
  now: Date,
): Promise<string[]> {
  return database.transaction(async (sql) => {
    const rows = await sql.query<{ object_id: string }>(
      'DELETE FROM storage.parts WHERE file_id = $1 RETURNING object_id',
      [fileId],
    );
    const objectIds = rows.map((row) => row.object_id);
    for (const objectId of objectIds) await announceObject(sql, objectId, now);
    return objectIds;
  });
}

/** Files that are no longer pending but still have parts. */
export async function fileIdsWithStrayParts(sql: Sql, limit: number): Promise<string[]> {
  const rows = await sql.query<{ file_id: string }>(
    `SELECT DISTINCT parts.file_id FROM storage.parts
     LEFT JOIN storage.files ON files.file_id = parts.file_id
     WHERE files.status IS DISTINCT FROM 'pending' LIMIT $1`,
    [limit],
  );
  return rows.map((row) => row.file_id);
}
