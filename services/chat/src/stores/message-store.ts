import type { Message, MessageContent } from '@secureconnect/contracts';
import type { Position } from '../position.ts';

/** A message as its sender means it, with the id and the time that it gets. */
export interface NewStoredMessage extends MessageContent {
  readonly message_id: string;
  readonly conversation_id: string;
  readonly sender_id: string;
  readonly created_at: Date;
}

/** A conversation, and how far its reader has read. */
export interface ReadMark {
  readonly conversationId: string;
  readonly readUntil: Position;
}

export interface Summary {
  readonly newest: Message | undefined;
  /** At most `UNREAD_MAX`. */
  readonly unread: number;
}

/** Nobody reads on after this number, and counting on would cost. */
export const UNREAD_MAX = 1000;

/** Where messages are. Nothing here asks who may read or write. */
export interface MessageStore {
  /** Stores a message; the same `client_message_id` of the same sender gives the first one. */
  add(message: NewStoredMessage): Promise<Message>;
  /** Where a message stands in its conversation; undefined when it is not in there. */
  positionOf(conversationId: string, messageId: string): Promise<Position | undefined>;
  /** At most `limit` messages after a position, newest first. */
  page(conversationId: string, after: Position, limit: number): Promise<Message[]>;
  /** The newest message of each conversation, and how many of others `userId` has not read. */
  summaries(userId: string, marks: readonly ReadMark[]): Promise<ReadonlyMap<string, Summary>>;
}
