import type { Message } from '@secureconnect/contracts';
import type { Position } from '@secureconnect/service';
import type { TimeUuid } from '../../timeuuid.ts';
import {
  type Change,
  type Edit,
  type EventsPage,
  type EventsQuery,
  earliestId,
  type MessageKey,
  type MessageStore,
  type NewStoredMessage,
  type Reaction,
  type ReadMark,
  type StoredEvent,
  type Summary,
} from '../message-store.ts';
import { toMessage } from '../stored-message.ts';
import { addMessage } from './adding.ts';
import { BucketIndex } from './buckets.ts';
import { changeReaction, editMessage, removeMessage } from './changing.ts';
import type { CassandraConnection } from './connection.ts';
import { eraseUserFrom } from './erasing.ts';
import { eventsAfter, insertEvent } from './events.ts';
import { findMessage, messagesAfter } from './reading.ts';
import { messagesWith } from './searching.ts';
import { summarise } from './summaries.ts';
import type { CassandraTables } from './tables.ts';

/**
 * Messages in Cassandra, ordered by timeuuid, with one partition per day of a conversation. While
 * Cassandra is down, every method throws SERVICE_UNAVAILABLE.
 */
export class CassandraMessages implements MessageStore {
  readonly #tables: CassandraTables;

  constructor(connection: CassandraConnection) {
    this.#tables = { connection, buckets: new BucketIndex(connection) };
  }

  add(message: NewStoredMessage): Promise<Change> {
    return addMessage(this.#tables, message);
  }

  async find(key: MessageKey): Promise<Message | undefined> {
    const found = await findMessage(this.#tables, key);
    return found && toMessage(found);
  }

  async page(conversationId: string, after: Position, limit: number): Promise<Message[]> {
    return (await messagesAfter(this.#tables, conversationId, after, limit)).map(toMessage);
  }

  summaries(userId: string, marks: readonly ReadMark[]): Promise<ReadonlyMap<string, Summary>> {
    return summarise(this.#tables, userId, marks);
  }

  edit(key: MessageKey, edit: Edit, stamp: TimeUuid): Promise<Change | undefined> {
    return editMessage(this.#tables, key, edit, stamp);
  }

  remove(key: MessageKey, by: string, stamp: TimeUuid): Promise<Change | undefined> {
    return removeMessage(this.#tables, key, by, stamp);
  }

  react(
    key: MessageKey,
    reaction: Reaction,
    present: boolean,
    stamp: TimeUuid,
  ): Promise<Change | undefined> {
    return changeReaction(this.#tables, key, reaction, present, stamp);
  }

  async search(
    conversationIds: readonly string[],
    words: readonly string[],
    after: Position,
    limit: number,
  ): Promise<Message[]> {
    const found = await messagesWith(this.#tables, conversationIds, words, after, limit);
    return found.map(toMessage);
  }

  eraseUser(conversationId: string, userId: string): Promise<string[]> {
    return eraseUserFrom(this.#tables, conversationId, userId);
  }

  async log(event: StoredEvent): Promise<void> {
    await this.#tables.connection.query(insertEvent(event));
  }

  events(query: EventsQuery): Promise<EventsPage> {
    return eventsAfter(this.#tables, query);
  }

  /** Queries a table, because a node may be up without a quorum of replicas. */
  async ping(): Promise<void> {
    await this.#tables.connection.query({
      query: 'SELECT bucket FROM message_buckets WHERE conversation_id = ? LIMIT 1',
      params: [earliestId],
    });
  }
}
