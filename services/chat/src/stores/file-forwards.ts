import type { Sql } from '@secureconnect/postgres';
import type { MessageKey } from './message-store.ts';

/** A file that came into a conversation with a forwarded message. */
export interface FileForward extends MessageKey {
  readonly fileId: string;
  readonly fromConversationId: string;
  readonly forwardedBy: string;
}

/** Notes it for storage, which lets the participants download the file; noted twice, it is one. */
export async function noteFileForward(sql: Sql, forward: FileForward): Promise<void> {
  const { conversationId, messageId, fileId, fromConversationId, forwardedBy } = forward;
  await sql.execute(
    `INSERT INTO chat.file_forwards
       (conversation_id, message_id, file_id, from_conversation_id, forwarded_by)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    [conversationId, messageId, fileId, fromConversationId, forwardedBy],
  );
}

/** Takes back what a message that is deleted had brought. */
export async function removeFileForward(sql: Sql, key: MessageKey): Promise<void> {
  await sql.execute(
    'DELETE FROM chat.file_forwards WHERE conversation_id = $1 AND message_id = $2',
    [key.conversationId, key.messageId],
  );
}

/** Takes back what every message of a conversation that is deleted had brought. */
export async function removeFileForwardsOf(sql: Sql, conversationId: string): Promise<void> {
  await sql.execute('DELETE FROM chat.file_forwards WHERE conversation_id = $1', [conversationId]);
}
