import type { Message, MessageContent } from '@secureconnect/contracts';
import type { Position } from '@secureconnect/service';
import type { TimeUuid } from '../timeuuid.ts';

/** A message from its sender, with its new id and time. */
export interface NewStoredMessage extends MessageContent {
  readonly message_id: string;
  readonly conversation_id: string;
  readonly sender_id: string;
  readonly created_at: Date;
}

/** A conversation and its reader's read mark. */
export interface ReadMark {
  readonly conversationId: string;
  readonly readUntil: Position;
}

export interface Summary {
  /** The newest message, deleted or not; undefined if there is none. */
  readonly newest: Message | undefined;
  /** Messages of others after the read mark that are not deleted; at most `UNREAD_MAX`. */
  readonly unread: number;
}

/** The maximum unread count: higher counts cost more and help no reader. */
export const UNREAD_MAX = 1000;

/** The maximum of reactions to a message. */
export const REACTIONS_MAX = 500;

/** Identifies a message. */
export interface MessageKey {
  readonly conversationId: string;
  readonly messageId: string;
}

/** The new contents of an edited message. */
export interface Edit {
  readonly content: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface Reaction {
  readonly userId: string;
  readonly emoji: string;
}

/**
 * An event of a conversation for its sockets. The store's log keeps it for instances that the bus
 * did not reach. `data` is the `data` of the frame.
 */
export interface StoredEvent {
  /** A timeuuid; it orders the log. */
  readonly eventId: string;
  readonly at: Date;
  readonly type: 'chat' | 'edited' | 'deleted' | 'reaction' | 'read';
  readonly conversationId: string;
  /** The user who did it. */
  readonly from: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** How long the log keeps an event; clients that were away longer read the history. */
export const EVENTS_KEPT_SECONDS = 3 * 86_400;

/** The result of a change. */
export interface Change {
  readonly message: Message;
  /** The event to send; undefined if nothing changed. */
  readonly event: StoredEvent | undefined;
}

/** A query of one conversation's log. */
export interface EventsQuery {
  readonly conversationId: string;
  /** Events after this one; with `earliestId` all from that time on. */
  readonly after: Position;
  readonly limit: number;
}

/** A page of the log. */
export interface EventsPage {
  /** The current events of this page's entries, without outdated ones. */
  readonly events: readonly StoredEvent[];
  /** The position of the next page; undefined if the log has no more entries. */
  readonly next: Position | undefined;
}

/** Sorts before every id of the same millisecond. */
export const earliestId = '00000000-0000-0000-0000-000000000000';

/**
 * Stores messages and the log of their events. Except for new messages, it does not check
 * permissions. A change of a message and its log entry are atomic.
 */
export interface MessageStore {
  /**
   * Stores a participant's message, notes it at its conversation, and logs `chat`. Throws NOT_FOUND
   * for outsiders, and FORBIDDEN in a direct conversation after a block. If the sender has already
   * used the `client_message_id` in the conversation, returns the first message without an event. The
   * event's id is the given, new `message_id`; the message takes the id that a failed earlier attempt
   * reserved, if there is one.
   */
  add(message: NewStoredMessage): Promise<Change>;
  /** A message, deleted or not; undefined if it is not in that conversation. */
  find(key: MessageKey): Promise<Message | undefined>;
  /** At most `limit` messages after a position, newest first. The cost does not grow with depth. */
  page(conversationId: string, after: Position, limit: number): Promise<Message[]>;
  /** The newest message of each conversation, and how many of others `userId` has not read. */
  summaries(userId: string, marks: readonly ReadMark[]): Promise<ReadonlyMap<string, Summary>>;
  /**
   * Changes a message and logs `edited`. Does nothing and returns undefined if it is missing or
   * deleted. `stamp` is the event's id and the time of the change.
   */
  edit(key: MessageKey, edit: Edit, stamp: TimeUuid): Promise<Change | undefined>;
  /**
   * Empties a message (content, metadata, reactions) and logs `deleted` with `{ message_id,
   * deleted_at }`. A deleted message stays unchanged, without an event; concurrent deletions may
   * both be logged. Undefined if it is missing.
   */
  remove(key: MessageKey, by: string, stamp: TimeUuid): Promise<Change | undefined>;
  /**
   * Sets or removes a reaction and logs `reaction` with `{ message_id, user_id, emoji, present }`;
   * no event if nothing changed. Undefined if the message is missing or deleted. Throws CONFLICT
   * beyond REACTIONS_MAX; concurrent reactions may exceed it by a few.
   */
  react(
    key: MessageKey,
    reaction: Reaction,
    present: boolean,
    stamp: TimeUuid,
  ): Promise<Change | undefined>;
  /**
   * At most `limit` messages of these conversations after a position, newest first, that contain
   * all of these words (from `searchWords`) and are not deleted.
   */
  search(
    conversationIds: readonly string[],
    words: readonly string[],
    after: Position,
    limit: number,
  ): Promise<Message[]>;
  /**
   * Erases a user from a conversation: their messages, their reactions and the events that name
   * them. Returns the ids of the erased messages. Idempotent; the user cannot write any more.
   */
  eraseUser(conversationId: string, userId: string): Promise<string[]>;
  /** Logs an event that changes no message, such as `read`. */
  log(event: StoredEvent): Promise<void>;
  /**
   * Events of one conversation in the order of the log, oldest first, in their current state:
   * `chat` and `edited` with the current message, only `deleted` for a deleted message, and no
   * reaction that was removed. Events older than EVENTS_KEPT_SECONDS may be missing.
   */
  events(query: EventsQuery): Promise<EventsPage>;
  /** Resolves when the store can serve. */
  ping(): Promise<void>;
}
