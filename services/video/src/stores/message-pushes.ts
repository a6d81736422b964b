import type { PushKind } from '@secureconnect/contracts';
import { writeEffect } from '@secureconnect/outbox';
import type { Database, Sql } from '@secureconnect/postgres';
import { outboxSchema } from '../outbox.ts';
import { messagePushKind } from '../push/push-effect.ts';
import { queryViews } from './membership.ts';

/** A message that a device is not pushed yet. */
interface UnpushedRow {
  readonly conversation_id: string;
  readonly message_id: string;
  readonly sender_id: string;
  readonly token_id: string;
  readonly user_id: string;
  readonly kind: PushKind;
}

/** How long after a message its push is of use. */
const maxAgeHours = 4;
const pageSize = 500;

/**
 * Writes the pushes of messages that were said within these seconds and that their receivers have
 * not read: of each conversation the latest, one for each device. Several instances may do so at
 * once. Returns how many it has written; at most a page.
 */
export async function writeMessagePushes(database: Database, seconds: number): Promise<number> {
  const rows = await unpushed(database, seconds);
  if (rows.length === 0) return 0;
  const expires_at = new Date(Date.now() + maxAgeHours * 3_600_000).toISOString();
  await database.transaction(async (sql) => {
    for (const { token_id, user_id, kind, conversation_id, message_id, sender_id } of rows) {
      const data = { type: 'message', conversation_id, message_id, from: sender_id } as const;
      await writeEffect(sql, outboxSchema, messagePushKind(kind), {
        key: `${message_id} ${token_id}`,
        payload: { token_id, user_id, data, expires_at },
        ownerId: user_id,
      });
    }
  });
  return rows.length;
}

/** Nobody is pushed what somebody says whom they have blocked. */
function unpushed(sql: Sql, seconds: number): Promise<UnpushedRow[]> {
  return queryViews<UnpushedRow>(
    sql,
    `SELECT latest.conversation_id, message_id, sender_id, token_id, token.user_id, token.kind
     FROM chat.unread_latest AS latest JOIN video.push_tokens AS token
       ON token.user_id = latest.user_id
     WHERE latest.noted_at >= now() - $1::float8 * interval '1 second'
       AND token.expires_at > now()
       AND NOT EXISTS (
         SELECT 1 FROM auth.blocked_pairs AS block
         WHERE block.blocker_id = latest.user_id AND block.blocked_id = latest.sender_id)
       AND NOT EXISTS (
         SELECT 1 FROM video.outbox AS known
         WHERE known.kind = 'message_push_' || token.kind
           AND known.idempotency_key = message_id::text || ' ' || token_id::text)
     ORDER BY latest.noted_at, token_id LIMIT ${pageSize}`,
    [seconds],
  );
}

/** Whether a message is still the latest of its conversation, and its receiver has not read it. */
export async function isUnread(
  sql: Sql,
  message: { readonly conversationId: string; readonly messageId: string; readonly userId: string },
): Promise<boolean> {
  const rows = await queryViews(
    sql,
    `SELECT 1 FROM chat.unread_latest
     WHERE conversation_id = $1 AND message_id = $2 AND user_id = $3`,
    [message.conversationId, message.messageId, message.userId],
  );
  return rows.length > 0;
}
