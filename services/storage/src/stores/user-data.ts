import type { Database, Sql } from '@secureconnect/postgres';

/** Files of an owner in any state. */
export async function filesOfOwner(
  sql: Sql,
  ownerId: string,
  limit: number,
): Promise<{ readonly fileId: string; readonly objectId: string | undefined }[]> {
  const rows = await sql.query<{ file_id: string; object_id: string | null }>(
    'SELECT file_id, object_id FROM storage.files WHERE owner_id = $1 LIMIT $2',
    [ownerId, limit],
  );
  return rows.map((row) => ({ fileId: row.file_id, objectId: row.object_id ?? undefined }));
}

/** Removes the row of a deleted file with its shares. */
export async function forgetFile(database: Database, fileId: string): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.execute('DELETE FROM storage.file_shares WHERE file_id = $1', [fileId]);
    await sql.execute(`DELETE FROM storage.files WHERE file_id = $1 AND status = 'deleted'`, [
      fileId,
    ]);
  });
}

/** Removes the quota of a user without files. */
export async function forgetUsage(sql: Sql, userId: string): Promise<void> {
  await sql.execute(
    `DELETE FROM storage.usage WHERE user_id = $1
       AND NOT EXISTS (SELECT 1 FROM storage.files WHERE owner_id = $1)`,
    [userId],
  );
}
