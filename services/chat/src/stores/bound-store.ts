import type { MessageStore } from './message-store.ts';

/** The methods of a message store as functions of its database. */
export type StoreOperations<Source> = {
  readonly [Name in keyof MessageStore]: (
    source: Source,
    ...parameters: Parameters<MessageStore[Name]>
  ) => ReturnType<MessageStore[Name]>;
};

/** The message store of a database. */
export function boundStore<Source>(
  source: Source,
  operations: StoreOperations<Source>,
): MessageStore {
  return {
    add: (...parameters) => operations.add(source, ...parameters),
    find: (...parameters) => operations.find(source, ...parameters),
    page: (...parameters) => operations.page(source, ...parameters),
    summaries: (...parameters) => operations.summaries(source, ...parameters),
    edit: (...parameters) => operations.edit(source, ...parameters),
    remove: (...parameters) => operations.remove(source, ...parameters),
    react: (...parameters) => operations.react(source, ...parameters),
    search: (...parameters) => operations.search(source, ...parameters),
    eraseUser: (...parameters) => operations.eraseUser(source, ...parameters),
    log: (...parameters) => operations.log(source, ...parameters),
    events: (...parameters) => operations.events(source, ...parameters),
    ping: () => operations.ping(source),
  };
}
