import type { Sql } from '@secureconnect/postgres';
import { type FileRow, fileColumns, fileRow, type RawFileRow } from './file-row.ts';

/** A file that a process has claimed for a scan. */
export interface ClaimedScan {
  readonly file: FileRow;
  /** The number of scans, including this one. */
  readonly attempts: number;
}

/** Quarantined files whose scan is due, oldest first. */
export async function dueScans(sql: Sql, now: Date, limit: number): Promise<string[]> {
  const rows = await sql.query<{ file_id: string }>(
    `SELECT file_id FROM storage.files WHERE status = 'quarantined' AND scan_due <= $1
     ORDER BY scan_due LIMIT $2`,
    [now, limit],
  );
  return rows.map((row) => row.file_id);
}

/**
 * Claims a due scan until `until`. Undefined if a different process has claimed it, or the file is
 * not quarantined.
 */
export async function claimScan(
  sql: Sql,
  fileId: string,
  now: Date,
  until: Date,
): Promise<ClaimedScan | undefined> {
  const rows = await sql.query<RawFileRow & { scan_attempts: number }>(
    `UPDATE storage.files SET scan_attempts = scan_attempts + 1, scan_due = $3
     WHERE file_id = $1 AND status = 'quarantined' AND scan_due <= $2
     RETURNING ${fileColumns}, scan_attempts`,
    [fileId, now, until],
  );
  return rows.map((row) => ({ file: fileRow(row), attempts: row.scan_attempts }))[0];
}

/** Sets the time of the next scan. */
export async function postponeScan(sql: Sql, fileId: string, due: Date): Promise<void> {
  await sql.execute(
    `UPDATE storage.files SET scan_due = $2 WHERE file_id = $1 AND status = 'quarantined'`,
    [fileId, due],
  );
}

/** Makes a quarantined file `uploaded`; its reservation becomes usage. */
export async function releaseFromQuarantine(
  sql: Sql,
  fileId: string,
): Promise<FileRow | undefined> {
  const rows = await sql.query<RawFileRow>(
    `WITH released AS (
       UPDATE storage.files SET status = 'uploaded', scan_due = NULL
       WHERE file_id = $1 AND status = 'quarantined' RETURNING ${fileColumns}),
     moved AS (
       UPDATE storage.usage SET used_bytes = used_bytes + released.file_size,
         reserved_bytes = reserved_bytes - released.file_size
       FROM released WHERE user_id = released.owner_id RETURNING user_id)
     SELECT ${fileColumns} FROM released`,
    [fileId],
  );
  return rows.map(fileRow)[0];
}
