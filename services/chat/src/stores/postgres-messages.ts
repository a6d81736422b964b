import type { Message, MessageType } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import type { Position } from '../position.ts';
import {
  type MessageStore,
  type NewStoredMessage,
  type ReadMark,
  type Summary,
  UNREAD_MAX,
} from './message-store.ts';

interface MessageRow {
  message_id: string;
  conversation_id: string;
  sender_id: string;
  content: string;
  is_encrypted: boolean;
  message_type: MessageType;
  metadata: Record<string, unknown>;
  client_message_id: string | null;
  created_at: Date;
}

type SummaryRow = { asked_id: string; unread: string } & (
  | MessageRow
  | { [Column in keyof MessageRow]: null }
);

const columns =
  'message_id, conversation_id, sender_id, content, is_encrypted, message_type, metadata, ' +
  'client_message_id, created_at';

/** Messages in PostgreSQL or CockroachDB. */
export class PostgresMessages implements MessageStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async add(message: NewStoredMessage): Promise<Message> {
    const clientId = message.client_message_id ?? null;
    const inserted = await this.#sql.query<MessageRow>(
      `INSERT INTO chat.messages (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9)
       ON CONFLICT (conversation_id, sender_id, client_message_id) DO NOTHING RETURNING ${columns}`,
      [
        message.message_id,
        message.conversation_id,
        message.sender_id,
        message.content,
        message.is_encrypted,
        message.message_type,
        JSON.stringify(message.metadata),
        clientId,
        message.created_at,
      ],
    );
    const stored = inserted[0] ?? (await this.#earlier(message, clientId));
    return toMessage(stored);
  }

  async positionOf(conversationId: string, messageId: string): Promise<Position | undefined> {
    const rows = await this.#sql.query<{ created_at: Date }>(
      'SELECT created_at FROM chat.messages WHERE message_id = $1 AND conversation_id = $2',
      [messageId, conversationId],
    );
    return rows[0] && { at: rows[0].created_at, id: messageId };
  }

  async page(conversationId: string, after: Position, limit: number): Promise<Message[]> {
    const rows = await this.#sql.query<MessageRow>(
      `SELECT ${columns} FROM chat.messages
       WHERE conversation_id = $1 AND (created_at, message_id) < ($2, $3)
       ORDER BY created_at DESC, message_id DESC LIMIT $4`,
      [conversationId, after.at, after.id, limit],
    );
    return rows.map(toMessage);
  }

  async summaries(
    userId: string,
    marks: readonly ReadMark[],
  ): Promise<ReadonlyMap<string, Summary>> {
    const rows = await this.#sql.query<SummaryRow>(
      `SELECT asked.asked_id, newest.*, (
         SELECT count(*) FROM (
           SELECT 1 FROM chat.messages AS other
           WHERE other.conversation_id = asked.asked_id AND other.sender_id <> $1
             AND (other.created_at, other.message_id) > (asked.read_until, asked.read_message_id)
           LIMIT ${UNREAD_MAX}
         ) AS counted
       ) AS unread
       FROM unnest($2::uuid[], $3::timestamptz[], $4::uuid[])
         AS asked (asked_id, read_until, read_message_id)
       LEFT JOIN LATERAL (
         SELECT ${columns} FROM chat.messages WHERE conversation_id = asked.asked_id
         ORDER BY created_at DESC, message_id DESC LIMIT 1
       ) AS newest ON true`,
      [
        userId,
        marks.map((mark) => mark.conversationId),
        marks.map((mark) => mark.readUntil.at),
        marks.map((mark) => mark.readUntil.id),
      ],
    );
    return new Map(
      rows.map((row) => [
        row.asked_id,
        {
          newest: row.message_id === null ? undefined : toMessage(row),
          unread: Number(row.unread),
        },
      ]),
    );
  }

  async #earlier(message: NewStoredMessage, clientId: string | null): Promise<MessageRow> {
    const rows = await this.#sql.query<MessageRow>(
      `SELECT ${columns} FROM chat.messages
       WHERE conversation_id = $1 AND sender_id = $2 AND client_message_id = $3`,
      [message.conversation_id, message.sender_id, clientId],
    );
    if (rows[0] === undefined) throw new Error('a message was neither stored nor there before');
    return rows[0];
  }
}

function toMessage(row: MessageRow): Message {
  const { client_message_id, created_at, ...rest } = row;
  return {
    message_id: rest.message_id,
    conversation_id: rest.conversation_id,
    sender_id: rest.sender_id,
    content: rest.content,
    is_encrypted: rest.is_encrypted,
    message_type: rest.message_type,
    metadata: rest.metadata,
    ...(client_message_id === null ? {} : { client_message_id }),
    created_at: created_at.toISOString(),
  };
}
