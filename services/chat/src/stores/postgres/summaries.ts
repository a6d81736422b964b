import type { Sql } from '@secureconnect/postgres';
import { type ReadMark, type Summary, UNREAD_MAX } from '../message-store.ts';
import { type StoredMessage, toMessage } from '../stored-message.ts';
import { messageColumns } from './columns.ts';

type SummaryRow = { asked_id: string; unread: string } & (
  | StoredMessage
  | { [Column in keyof StoredMessage]: null }
);

/** See `MessageStore.summaries`. */
export async function summarise(
  sql: Sql,
  userId: string,
  marks: readonly ReadMark[],
): Promise<ReadonlyMap<string, Summary>> {
  const rows = await sql.query<SummaryRow>(
    `SELECT asked.asked_id, newest.*, (
       SELECT count(*) FROM (
         SELECT 1 FROM chat.messages AS other
         WHERE other.conversation_id = asked.asked_id AND other.sender_id <> $1
           AND other.deleted_at IS NULL
           AND (other.created_at, other.message_id) > (asked.read_until, asked.read_message_id)
         LIMIT ${UNREAD_MAX}
       ) AS counted
     ) AS unread
     FROM unnest($2::uuid[], $3::timestamptz[], $4::uuid[])
       AS asked (asked_id, read_until, read_message_id)
     LEFT JOIN LATERAL (
       SELECT ${messageColumns} FROM chat.messages WHERE conversation_id = asked.asked_id
       ORDER BY created_at DESC, message_id DESC LIMIT 1
     ) AS newest ON true`,
    [
      userId,
      marks.map((mark) => mark.conversationId),
      marks.map((mark) => mark.readUntil.at),
      marks.map((mark) => mark.readUntil.id),
    ],
  );
  return new Map(rows.map((row) => [row.asked_id, toSummary(row)]));
}

function toSummary(row: SummaryRow): Summary {
  return {
    newest: row.message_id === null ? undefined : toMessage(row),
    unread: Number(row.unread),
  };
}
