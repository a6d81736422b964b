import type { Sql } from '@secureconnect/postgres';
import type { MessageKey } from './message-store.ts';

/** A file that came into a conversation with a forwarded message. */
export interface FileForward extends MessageKey {
  readonly fileId: string;
  readonly fromConversationId: string;
  readonly forwardedBy: string;
}

/** Notes a forward for storage, which then lets the participants download the file. Idempotent. */
export async function noteFileForward(sql: Sql, forward: FileForward): Promise<void> {
  const { conversationId, messageId, fileId, fromConversationId, forwardedBy } = forward;
  await sql.execute(
    `INSERT INTO chat.file_forwards
       (conversation_id, message_id, file_id, from_conversation_id, forwarded_by)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    [conversationId, messageId, fileId, fromConversationId, forwardedBy],
  );
}

/** Removes the file forward of a deleted message. */
export async function removeFileForward(sql: Sql, key: MessageKey): Promise<void> {
  await sql.execute(
    'DELETE FROM chat.file_forwards WHERE conversation_id = $1 AND message_id = $2',
    [key.conversationId, key.messageId],
  );
}

/** Removes all file forwards of a deleted conversation. */
export async function removeFileForwardsOf(sql: Sql, conversationId: string): Promise<void> {
  await sql.execute('DELETE FROM chat.file_forwards WHERE conversation_id = $1', [conversationId]);
}
