import { isRelationMissing, type Sql, type SqlValue } from '@secureconnect/postgres';
import type { FileRow } from './file-row.ts';
import { fromChat } from './membership.ts';

type OwnedFile = Pick<FileRow, 'fileId' | 'ownerId'>;

/**
 * `reach`: the conversations whose participants may download the file $1 of the owner $2. The file
 * was uploaded to them, shared with them, or forwarded to them by its owner or from one of them.
 * Conversations where the owner has unshared it do not count, nor do forwards from them.
 */
const reach = (forwards: string): string => `WITH RECURSIVE taken_back AS (
    SELECT conversation_id FROM storage.file_shares WHERE file_id = $1 AND NOT shared),
  forwards AS (${forwards}),
  reach (conversation_id) AS (
    SELECT conversation_id FROM (
      SELECT conversation_id FROM storage.files
        WHERE file_id = $1 AND conversation_id IS NOT NULL
      UNION SELECT conversation_id FROM storage.file_shares WHERE file_id = $1 AND shared
      UNION SELECT conversation_id FROM forwards WHERE forwarded_by = $2) AS given
      WHERE conversation_id NOT IN (SELECT conversation_id FROM taken_back)
    UNION
    SELECT forwards.conversation_id FROM forwards
      JOIN reach ON reach.conversation_id = forwards.from_conversation_id
      WHERE forwards.conversation_id NOT IN (SELECT conversation_id FROM taken_back))`;

const forwardsOfChat = `SELECT from_conversation_id, conversation_id, forwarded_by
  FROM chat.forwarded_files WHERE file_id = $1`;
/** A fallback for versions of chat that do not forward files. */
const noForwards = `SELECT $1::uuid AS from_conversation_id, $1::uuid AS conversation_id,
  $2::uuid AS forwarded_by WHERE false`;

/** Whether a user takes part in a conversation that the file reaches. Not for its owner. */
export async function isReader(sql: Sql, file: OwnedFile, userId: string): Promise<boolean> {
  const rows = await inReach(
    sql,
    `SELECT reach.conversation_id FROM reach JOIN chat.membership
       ON chat.membership.conversation_id = reach.conversation_id WHERE user_id = $3 LIMIT 1`,
    [file.fileId, file.ownerId, userId],
  );
  return rows.length > 0;
}

/** Whether the participants of a conversation may download the file. */
export async function isReached(
  sql: Sql,
  file: OwnedFile,
  conversationId: string,
): Promise<boolean> {
  const rows = await inReach(sql, 'SELECT conversation_id FROM reach WHERE conversation_id = $3', [
    file.fileId,
    file.ownerId,
    conversationId,
  ]);
  return rows.length > 0;
}

/** The conversations that the file reaches, at most `limit`. */
export async function conversationsReached(
  sql: Sql,
  file: OwnedFile,
  limit: number,
): Promise<string[]> {
  const rows = await inReach(
    sql,
    'SELECT conversation_id FROM reach ORDER BY conversation_id LIMIT $3',
    [file.fileId, file.ownerId, limit],
  );
  return rows.map((row) => row.conversation_id);
}

async function inReach(
  sql: Sql,
  question: string,
  values: readonly SqlValue[],
): Promise<{ conversation_id: string }[]> {
  const ask = (forwards: string) =>
    sql.query<{ conversation_id: string }>(`${reach(forwards)} ${question}`, [...values]);
  try {
    return await ask(forwardsOfChat);
  } catch (error) {
    if (!isRelationMissing(error)) throw error;
    return fromChat(() => ask(noForwards));
  }
}
