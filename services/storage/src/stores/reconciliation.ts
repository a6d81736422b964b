import type { Database, Sql } from '@secureconnect/postgres';

/** A file whose bytes must be in the object store. */
export interface KeptFile {
  readonly fileId: string;
  readonly objectId: string;
  readonly sizeBytes: number;
}

/** A page of files whose bytes must be in the object store, by id. */
export async function keptFiles(sql: Sql, afterId: string, limit: number): Promise<KeptFile[]> {
  const rows = await sql.query<{ file_id: string; object_id: string; file_size: string }>(
    `SELECT file_id, object_id, file_size FROM storage.files
     WHERE file_id > $1 AND status IN ('uploaded', 'quarantined') ORDER BY file_id LIMIT $2`,
    [afterId, limit],
  );
  return rows.map((row) => ({
    fileId: row.file_id,
    objectId: row.object_id,
    sizeBytes: Number(row.file_size),
  }));
}

/** The given objects that belong to a file or a part, or are on the list of unattached objects. */
export async function knownObjects(sql: Sql, objectIds: readonly string[]): Promise<Set<string>> {
  const rows = await sql.query<{ object_id: string }>(
    `SELECT object_id FROM storage.files WHERE object_id = ANY($1::uuid[]) AND status <> 'deleted'
     UNION SELECT object_id FROM storage.parts WHERE object_id = ANY($1::uuid[])
     UNION SELECT object_id FROM storage.unattached_objects WHERE object_id = ANY($1::uuid[])`,
    [[...objectIds]],
  );
  return new Set(rows.map((row) => row.object_id));
}

/** The stored usage of a user and the sum of the files, in bytes. */
export interface UsageDifference {
  readonly userId: string;
  readonly usedBytes: number;
  readonly reservedBytes: number;
  readonly usedByFilesBytes: number;
  readonly reservedByFilesBytes: number;
}

const sums = `SELECT owner_id,
    sum(CASE status WHEN 'uploaded' THEN file_size ELSE 0 END) AS used,
    sum(CASE status WHEN 'uploaded' THEN 0 ELSE file_size END) AS reserved
  FROM storage.files WHERE status <> 'deleted'`;

interface RawDifference {
  readonly user_id: string;
  readonly used_bytes: string;
  readonly reserved_bytes: string;
  readonly used: string;
  readonly reserved: string;
}

/** Users whose usage differs from the sum of their files. */
export async function usageDifferences(sql: Sql): Promise<UsageDifference[]> {
  const rows = await sql.query<RawDifference>(
    `SELECT coalesce(user_id, owner_id) AS user_id, coalesce(used_bytes, 0) AS used_bytes,
       coalesce(reserved_bytes, 0) AS reserved_bytes, coalesce(used, 0) AS used,
       coalesce(reserved, 0) AS reserved
     FROM storage.usage FULL JOIN (${sums} GROUP BY owner_id) AS files ON user_id = owner_id
     WHERE coalesce(used_bytes, 0) <> coalesce(used, 0)
       OR coalesce(reserved_bytes, 0) <> coalesce(reserved, 0)
     ORDER BY 1`,
  );
  return rows.map((row) => ({
    userId: row.user_id,
    usedBytes: Number(row.used_bytes),
    reservedBytes: Number(row.reserved_bytes),
    usedByFilesBytes: Number(row.used),
    reservedByFilesBytes: Number(row.reserved),
  }));
}

/**
 * Sets the usage of a user to the sum of the files. Every change of a file also changes the row of
 * the usage, so a concurrent change makes this transaction run again.
 */
export async function repairUsage(database: Database, userId: string): Promise<void> {
  await database.transaction(async (sql) => {
    const [found] = await sql.query<{ used: string; reserved: string }>(
      `${sums} AND owner_id = $1 GROUP BY owner_id`,
      [userId],
    );
    await sql.execute(
      `INSERT INTO storage.usage (user_id, used_bytes, reserved_bytes) VALUES ($1, $2, $3)
       ON CONFLICT (user_id) DO UPDATE
       SET used_bytes = excluded.used_bytes, reserved_bytes = excluded.reserved_bytes`,
      [userId, found?.used ?? 0, found?.reserved ?? 0],
    );
  });
}
