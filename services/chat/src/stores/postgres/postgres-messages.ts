import { type Database, isDatabaseUnavailable } from '@secureconnect/postgres';
import { Batcher, type BatchMeasures } from '@secureconnect/service';
import { boundStore, type StoreOperations } from '../bound-store.ts';
import type { MessageStore, NewStoredMessage } from '../message-store.ts';
import { toMessage } from '../stored-message.ts';
import { type Added, addMessages } from './adding.ts';
import { changeReaction, editMessage, removeMessage } from './changing.ts';
import { eraseUserFrom } from './erasing.ts';
import { eventsAfter, logEvent } from './events.ts';
import { findMessage, messagesAfter, messagesWith } from './reading.ts';
import { summarise } from './summaries.ts';

const operations: Omit<StoreOperations<Database>, 'add'> = {
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

/**
 * Bounds of the messages that share a statement, and of those that wait for it. Statements that are
 * under way together share a flush of the database's log.
 */
const batchBounds = { maxItems: 64, maxWaiting: 1000, maxWaitMs: 1000, maxUnderWay: 3 };

/**
 * Messages in PostgreSQL or CockroachDB, ordered by time and then by id. New messages of all
 * conversations that arrive while others are being stored are stored together.
 */
export function postgresMessages(database: Database, measures?: BatchMeasures): MessageStore {
  const adding = new Batcher<NewStoredMessage, Added>({
    ...batchBounds,
    work: (messages) => addMessages(database, messages),
    isOfOneItem: (error) => !isDatabaseUnavailable(error),
    measures,
  });
  return boundStore(database, {
    ...operations,
    async add(_database, message) {
      const added = await adding.run(message);
      if ('refusal' in added) throw added.refusal;
      return added.change;
    },
  });
}
