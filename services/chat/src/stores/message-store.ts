import type { Message, MessageContent } from '@secureconnect/contracts';
import type { Position } from '@secureconnect/service';
import type { TimeUuid } from '../timeuuid.ts';

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
  /** The newest message, a deleted one too; undefined where nothing was said. */
  readonly newest: Message | undefined;
  /** Messages of others after the read mark that are not deleted; at most `UNREAD_MAX`. */
  readonly unread: number;
}

/** Nobody reads on after this number, and counting on would cost. */
export const UNREAD_MAX = 1000;

/** So many reactions of users may stand at one message. */
export const REACTIONS_MAX = 500;

/** Which message is meant. */
export interface MessageKey {
  readonly conversationId: string;
  readonly messageId: string;
}

/** What an edit puts in the place of what was there. */
export interface Edit {
  readonly content: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface Reaction {
  readonly userId: string;
  readonly emoji: string;
}

/**
 * What happened in a conversation and is told to its sockets. The store's log keeps that it happened:
 * instances that could not be told read it there. `data` is the `data` of the frame.
 */
export interface StoredEvent {
  /** A timeuuid; the log is in its order. */
  readonly eventId: string;
  readonly at: Date;
  readonly type: 'chat' | 'edited' | 'deleted' | 'reaction' | 'read';
  readonly conversationId: string;
  /** The user who did it. */
  readonly from: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The log keeps an event for so long; who was away longer reads the history. */
export const EVENTS_KEPT_SECONDS = 3 * 86_400;

/** What a change made of a message. */
export interface Change {
  readonly message: Message;
  /** What is to be told; undefined where everything was so already. */
  readonly event: StoredEvent | undefined;
}

/** A question to the log of one conversation. */
export interface EventsQuery {
  readonly conversationId: string;
  /** Events after this one; with `earliestId` all from that time on. */
  readonly after: Position;
  readonly limit: number;
}

/** A page of the log. */
export interface EventsPage {
  /** What the entries of this page tell now; those that tell nothing any more are left out. */
  readonly events: readonly StoredEvent[];
  /** Where the next page begins; undefined where the log has no more. */
  readonly next: Position | undefined;
}

/** Sorts before every id of the same millisecond. */
export const earliestId = '00000000-0000-0000-0000-000000000000';

/**
 * Where messages are, and the log of what happened to them. Nothing here asks who may read or
 * write. What changes a message also puts its event into the log: both or neither.
 */
export interface MessageStore {
  /**
   * Stores a message and logs `chat`. The same `client_message_id` of
   * the same sender in the same conversation gives the first message, and no event. The event's id
   * is the `message_id` that is given, which is new; the message itself keeps the id that an earlier
   * attempt had reserved for its `client_message_id` where that attempt stored nothing.
   */
  add(message: NewStoredMessage): Promise<Change>;
  /** A message, also a deleted one; undefined when it is not in that conversation. */
  find(key: MessageKey): Promise<Message | undefined>;
  /** At most `limit` messages after a position, newest first. The cost does not grow with depth. */
  page(conversationId: string, after: Position, limit: number): Promise<Message[]>;
  /** The newest message of each conversation, and how many of others `userId` has not read. */
  summaries(userId: string, marks: readonly ReadMark[]): Promise<ReadonlyMap<string, Summary>>;
  /**
   * Changes a message and logs `edited`. Undefined, and nothing done, where it is not there or
   * deleted. `stamp` is the event's id and the time of the change.
   */
  edit(key: MessageKey, edit: Edit, stamp: TimeUuid): Promise<Change | undefined>;
  /**
   * Empties a message (content, metadata, reactions) and logs `deleted` with
   * `{ message_id, deleted_at }`. A deleted one stays as it is, with no event; of two deletions at
   * once both may be logged. Undefined where it is not there.
   */
  remove(key: MessageKey, by: string, stamp: TimeUuid): Promise<Change | undefined>;
  /**
   * Sets or takes back a reaction and logs `reaction` with `{ message_id, user_id, emoji, present }`;
   * no event where it was so already. Undefined where the message is not there or deleted. Throws
   * CONFLICT beyond REACTIONS_MAX; reactions at once may exceed it by a few.
   */
  react(
    key: MessageKey,
    reaction: Reaction,
    present: boolean,
    stamp: TimeUuid,
  ): Promise<Change | undefined>;
  /**
   * Messages of these conversations that contain every one of these words (as `searchWords` gives
   * them), deleted ones left out, newest first, at most `limit` after a position.
   */
  search(
    conversationIds: readonly string[],
    words: readonly string[],
    after: Position,
    limit: number,
  ): Promise<Message[]>;
  /** Logs what changed no message, such as `read`. */
  log(event: StoredEvent): Promise<void>;
  /**
   * Events of one conversation in the order of the log, the oldest first, as they are to be told now:
   * `chat` and `edited` with the message as it is, nothing of a deleted message but `deleted`, and no
   * reaction that was taken back. What is older than EVENTS_KEPT_SECONDS may be missing.
   */
  events(query: EventsQuery): Promise<EventsPage>;
  /** Resolves when the store can serve. */
  ping(): Promise<void>;
}
