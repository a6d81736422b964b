import type { Message } from '@secureconnect/contracts';
import type { Database } from '@secureconnect/postgres';
import type { Position } from '@secureconnect/service';
import type { TimeUuid } from '../../timeuuid.ts';
import type {
  Change,
  Edit,
  EventsPage,
  EventsQuery,
  MessageKey,
  MessageStore,
  NewStoredMessage,
  Reaction,
  ReadMark,
  StoredEvent,
  Summary,
} from '../message-store.ts';
import { toMessage } from '../stored-message.ts';
import { addMessage } from './adding.ts';
import { changeReaction, editMessage, removeMessage } from './changing.ts';
import { eraseUserFrom } from './erasing.ts';
import { eventsAfter, logEvent } from './events.ts';
import { findMessage, messagesAfter, messagesWith } from './reading.ts';
import { summarise } from './summaries.ts';

/** Messages in PostgreSQL or CockroachDB, ordered by time and then by id. */
export class PostgresMessages implements MessageStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(message: NewStoredMessage): Promise<Change> {
    return addMessage(this.#database, message);
  }

  async find(key: MessageKey): Promise<Message | undefined> {
    const found = await findMessage(this.#database, key);
    return found && toMessage(found);
  }

  async page(conversationId: string, after: Position, limit: number): Promise<Message[]> {
    return (await messagesAfter(this.#database, conversationId, after, limit)).map(toMessage);
  }

  summaries(userId: string, marks: readonly ReadMark[]): Promise<ReadonlyMap<string, Summary>> {
    return summarise(this.#database, userId, marks);
  }

  edit(key: MessageKey, edit: Edit, stamp: TimeUuid): Promise<Change | undefined> {
    return editMessage(this.#database, key, edit, stamp);
  }

  remove(key: MessageKey, by: string, stamp: TimeUuid): Promise<Change | undefined> {
    return removeMessage(this.#database, key, by, stamp);
  }

  react(
    key: MessageKey,
    reaction: Reaction,
    present: boolean,
    stamp: TimeUuid,
  ): Promise<Change | undefined> {
    return changeReaction(this.#database, key, reaction, present, stamp);
  }

  async search(
    conversationIds: readonly string[],
    words: readonly string[],
    after: Position,
    limit: number,
  ): Promise<Message[]> {
    const found = await messagesWith(this.#database, conversationIds, words, after, limit);
    return found.map(toMessage);
  }

  eraseUser(conversationId: string, userId: string): Promise<string[]> {
    return eraseUserFrom(this.#database, conversationId, userId);
  }

  log(event: StoredEvent): Promise<void> {
    return logEvent(this.#database, event);
  }

  events(query: EventsQuery): Promise<EventsPage> {
    return eventsAfter(this.#database, query);
  }

  ping(): Promise<void> {
    return this.#database.ping();
  }
}
