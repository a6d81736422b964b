import { FILE_SHARES_MAX } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';

export interface ShareKey {
  readonly fileId: string;
  readonly conversationId: string;
}

/**
 * Records that a file is shared with a conversation. False if it is shared with FILE_SHARES_MAX
 * others; concurrent requests may exceed that by a few.
 */
export async function addShare(sql: Sql, key: ShareKey, now: Date): Promise<boolean> {
  const rows = await sql.query(
    `INSERT INTO storage.file_shares (file_id, conversation_id, shared, changed_at)
     SELECT $1::uuid, $2::uuid, true, $3::timestamptz
     WHERE (SELECT count(*) FROM storage.file_shares
            WHERE file_id = $1 AND conversation_id <> $2 AND shared) < $4
     ON CONFLICT (file_id, conversation_id) DO UPDATE SET shared = true, changed_at = $3
     RETURNING file_id`,
    [key.fileId, key.conversationId, now, FILE_SHARES_MAX],
  );
  return rows.length > 0;
}

/** Records that a file is not shared with a conversation, however it was shared. */
export async function takeShareBack(sql: Sql, key: ShareKey, now: Date): Promise<void> {
  await sql.execute(
    `INSERT INTO storage.file_shares (file_id, conversation_id, shared, changed_at)
     VALUES ($1, $2, false, $3)
     ON CONFLICT (file_id, conversation_id) DO UPDATE SET shared = false, changed_at = $3`,
    [key.fileId, key.conversationId, now],
  );
}
