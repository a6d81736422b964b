import type { Database } from '@secureconnect/postgres';
import { boundStore, type StoreOperations } from '../bound-store.ts';
import type { MessageStore } from '../message-store.ts';
import { toMessage } from '../stored-message.ts';
import { addMessage } from './adding.ts';
import { changeReaction, editMessage, removeMessage } from './changing.ts';
import { eraseUserFrom } from './erasing.ts';
import { eventsAfter, logEvent } from './events.ts';
import { findMessage, messagesAfter, messagesWith } from './reading.ts';
import { summarise } from './summaries.ts';

const operations: StoreOperations<Database> = {
  add: addMessage,
  async find(database, key) {
    const found = await findMessage(database, key);
    return found && toMessage(found);
  },
  page: async (...query) => (await messagesAfter(...query)).map(toMessage),
  summaries: summarise,
  edit: editMessage,
  remove: removeMessage,
  react: changeReaction,
  search: async (...query) => (await messagesWith(...query)).map(toMessage),
  eraseUser: eraseUserFrom,
  log: logEvent,
  events: eventsAfter,
  ping: (database) => database.ping(),
};

/** Messages in PostgreSQL or CockroachDB, ordered by time and then by id. */
export function postgresMessages(database: Database): MessageStore {
  return boundStore(database, operations);
}
