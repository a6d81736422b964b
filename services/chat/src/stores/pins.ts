import type { Sql } from '@secureconnect/postgres';
import type { MessageKey } from './message-store.ts';

/** A message that is pinned in its conversation. */
export interface PinRow {
  readonly messageId: string;
  readonly pinnedBy: string;
  readonly pinnedAt: Date;
}

/** The pins of a conversation, the newest first. */
export async function pinsOf(sql: Sql, conversationId: string): Promise<PinRow[]> {
  const rows = await sql.query<{ message_id: string; pinned_by: string; pinned_at: Date }>(
    `SELECT message_id, pinned_by, pinned_at FROM chat.pins WHERE conversation_id = $1
     ORDER BY pinned_at DESC, message_id DESC`,
    [conversationId],
  );
  return rows.map(({ message_id, pinned_by, pinned_at }) => ({
    messageId: message_id,
    pinnedBy: pinned_by,
    pinnedAt: pinned_at,
  }));
}

export async function insertPin(sql: Sql, conversationId: string, pin: PinRow): Promise<void> {
  await sql.execute(
    `INSERT INTO chat.pins (conversation_id, message_id, pinned_by, pinned_at)
     VALUES ($1, $2, $3, $4)`,
    [conversationId, pin.messageId, pin.pinnedBy, pin.pinnedAt],
  );
}

/** Removes a pin if there is one. */
export async function removePin(sql: Sql, key: MessageKey): Promise<void> {
  await sql.execute('DELETE FROM chat.pins WHERE conversation_id = $1 AND message_id = $2', [
    key.conversationId,
    key.messageId,
  ]);
}

/** Removes all pins of a conversation. */
export async function removePinsOf(sql: Sql, conversationId: string): Promise<void> {
  await sql.execute('DELETE FROM chat.pins WHERE conversation_id = $1', [conversationId]);
}
