import { randomUUID } from 'node:crypto';
import type { DataExport } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';

interface ExportRow {
  export_id: string;
  requested_at: Date;
  ready_at: Date | null;
  expires_at: Date;
}

const columns = 'export_id, requested_at, ready_at, expires_at';

/** For this long, a further request is answered with the same export. */
const minPauseHours = 1;
/** How long an archive can be fetched, and how long its parts are waited for. */
const keptHours = 24;

/** The current export of a user. */
export async function findExport(sql: Sql, userId: string): Promise<DataExport | undefined> {
  const [row] = await sql.query<ExportRow>(
    `SELECT ${columns} FROM auth.data_exports WHERE user_id = $1 AND expires_at > now()
     ORDER BY requested_at DESC LIMIT 1`,
    [userId],
  );
  return row && dataExport(row);
}

/**
 * Requests an export, or finds the one that is in progress or was requested within an hour. Earlier
 * ones expire.
 */
export async function requestExport(
  sql: Sql,
  userId: string,
): Promise<{ readonly found: DataExport; readonly isNew: boolean }> {
  const [known] = await sql.query<ExportRow>(
    `SELECT ${columns} FROM auth.data_exports
     WHERE user_id = $1 AND expires_at > now()
       AND (ready_at IS NULL OR requested_at > now() - $2 * interval '1 hour')
     ORDER BY requested_at DESC LIMIT 1`,
    [userId, minPauseHours],
  );
  if (known !== undefined) return { found: dataExport(known), isNew: false };
  await sql.execute(
    'UPDATE auth.data_exports SET expires_at = now() WHERE user_id = $1 AND expires_at > now()',
    [userId],
  );
  const [row] = await sql.query<ExportRow>(
    `INSERT INTO auth.data_exports (export_id, user_id, expires_at)
     VALUES ($1, $2, now() + $3 * interval '1 hour') RETURNING ${columns}`,
    [randomUUID(), userId, keptHours],
  );
  if (row === undefined) throw new Error('the export was not stored');
  return { found: dataExport(row), isNew: true };
}

/** Exports that have every one of these parts and are not marked as ready. */
export async function writtenExports(
  sql: Sql,
  parts: readonly string[],
  limit: number,
): Promise<string[]> {
  const rows = await sql.query<{ export_id: string }>(
    `SELECT export_id FROM auth.data_exports AS export
     WHERE ready_at IS NULL AND expires_at > now()
       AND (SELECT count(*) FROM auth.export_parts AS part
         WHERE part.export_id = export.export_id AND written_at IS NOT NULL
           AND part.part = ANY($1::text[])) = $2
     ORDER BY requested_at LIMIT $3`,
    [[...parts], parts.length, limit],
  );
  return rows.map((row) => row.export_id);
}

/** Marks an export as ready. Returns its user; undefined if it is ready already or has gone. */
export async function markReady(sql: Sql, exportId: string): Promise<string | undefined> {
  const [row] = await sql.query<{ user_id: string }>(
    `UPDATE auth.data_exports SET ready_at = now(), expires_at = now() + $2 * interval '1 hour'
     WHERE export_id = $1 AND ready_at IS NULL RETURNING user_id`,
    [exportId, keptHours],
  );
  return row?.user_id;
}

/** Exports that are not ready: their number, and the age of the oldest in seconds. */
export async function exportsInProgress(
  sql: Sql,
): Promise<{ readonly count: number; readonly oldestSeconds: number }> {
  const [row] = await sql.query<{ count: string; oldest: number | null }>(
    `SELECT count(*) AS count, extract(epoch FROM now() - min(requested_at))::float8 AS oldest
     FROM auth.data_exports WHERE ready_at IS NULL AND expires_at > now()`,
  );
  return { count: Number(row?.count ?? 0), oldestSeconds: row?.oldest ?? 0 };
}

export interface NewExportLink {
  readonly tokenHash: Buffer;
  readonly exportId: string;
  /** The link ends with this session. */
  readonly sessionId: string;
  readonly seconds: number;
}

/** Stores the hash of a link's token; returns when the link ends. */
export async function insertExportLink(sql: Sql, link: NewExportLink): Promise<Date> {
  const [row] = await sql.query<{ expires_at: Date }>(
    `INSERT INTO auth.export_links (token_hash, export_id, session_id, expires_at)
     VALUES ($1, $2, $3, now() + $4 * interval '1 second') RETURNING expires_at`,
    [link.tokenHash, link.exportId, link.sessionId, link.seconds],
  );
  if (row === undefined) throw new Error('the link was not stored');
  return row.expires_at;
}

function dataExport(row: ExportRow): DataExport {
  return {
    export_id: row.export_id,
    state: row.ready_at === null ? 'preparing' : 'ready',
    requested_at: row.requested_at.toISOString(),
    ready_at: row.ready_at?.toISOString() ?? null,
    expires_at: row.expires_at.toISOString(),
  };
}
