import { boundStore, type StoreOperations } from '../bound-store.ts';
import { earliestId, type MessageStore } from '../message-store.ts';
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

const operations: StoreOperations<CassandraTables> = {
  add: addMessage,
  async find(tables, key) {
    const found = await findMessage(tables, key);
    return found && toMessage(found);
  },
  page: async (...query) => (await messagesAfter(...query)).map(toMessage),
  summaries: summarise,
  edit: editMessage,
  remove: removeMessage,
  react: changeReaction,
  search: async (...query) => (await messagesWith(...query)).map(toMessage),
  eraseUser: eraseUserFrom,
  async log({ connection }, event) {
    await connection.query(insertEvent(event));
  },
  events: eventsAfter,
  /** Queries a table, because a node may be up without a quorum of replicas. */
  async ping({ connection }) {
    await connection.query({
      query: 'SELECT bucket FROM message_buckets WHERE conversation_id = ? LIMIT 1',
      params: [earliestId],
    });
  },
};

/**
 * Messages in Cassandra, ordered by timeuuid, with one partition per day of a conversation. While
 * Cassandra is down, every method throws SERVICE_UNAVAILABLE.
 */
export function cassandraMessages(connection: CassandraConnection): MessageStore {
  return boundStore({ connection, buckets: new BucketIndex(connection) }, operations);
}
