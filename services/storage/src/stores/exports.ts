import type { Sql } from '@secureconnect/postgres';
import { type FileRow, fileColumns, fileRow, type RawFileRow } from './file-row.ts';

/** An export whose archive may be sent. */
export interface ExportToSend {
  readonly exportId: string;
  readonly userId: string;
  readonly requestedAt: Date;
  /** When the last part was written. */
  readonly readyAt: Date;
}

/** The export that a link's token opens; undefined if none, or the link has expired. */
export async function findExportToSend(
  sql: Sql,
  exportId: string,
  tokenHash: Buffer,
): Promise<ExportToSend | undefined> {
  const [row] = await sql.query<{ user_id: string; requested_at: Date; ready_at: Date }>(
    `SELECT user_id, requested_at, ready_at FROM auth.exports_to_send
     WHERE token_hash = $1 AND export_id = $2`,
    [tokenHash, exportId],
  );
  if (row === undefined) return undefined;
  const { user_id: userId, requested_at: requestedAt, ready_at: readyAt } = row;
  return { exportId, userId, requestedAt, readyAt };
}

/** The text that a service has written. */
export interface WrittenPart {
  readonly part: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The number of entries in each list. */
  readonly entries: Readonly<Record<string, number>>;
}

export async function writtenParts(sql: Sql, exportId: string): Promise<WrittenPart[]> {
  const rows = await sql.query<{
    part: string;
    sha256: string;
    size_bytes: string;
    entries: Record<string, number>;
  }>(
    `SELECT part, sha256, size_bytes, entries::jsonb AS entries FROM auth.written_export_parts
     WHERE export_id = $1 ORDER BY part`,
    [exportId],
  );
  return rows.map(({ size_bytes, ...row }) => ({ ...row, sizeBytes: Number(size_bytes) }));
}

/** A piece of a part, compressed by gzip; undefined after the last one. */
export async function exportChunk(
  sql: Sql,
  exportId: string,
  part: string,
  position: number,
): Promise<Buffer | undefined> {
  const [row] = await sql.query<{ content: Buffer }>(
    `SELECT content FROM auth.export_contents
     WHERE export_id = $1 AND part = $2 AND position = $3`,
    [exportId, part, position],
  );
  return row?.content;
}

/** A user's uploaded files in the order of their ids, after one. */
export async function uploadedFilesAfter(
  sql: Sql,
  ownerId: string,
  afterId: string | undefined,
  limit: number,
): Promise<FileRow[]> {
  const rows = await sql.query<RawFileRow>(
    `SELECT ${fileColumns} FROM storage.files
     WHERE owner_id = $1 AND status = 'uploaded' AND ($2::uuid IS NULL OR file_id > $2)
     ORDER BY file_id LIMIT $3`,
    [ownerId, afterId ?? null, limit],
  );
  return rows.map(fileRow);
}
