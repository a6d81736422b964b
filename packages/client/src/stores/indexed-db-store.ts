import { StorageFullError } from './storage-full-error.ts';
import type { Store } from './store.ts';

const table = 'values';

/** Keeps everything in a database of the browser, which all pages of an origin share. */
export class IndexedDbStore implements Store {
  readonly #opened: Promise<IDBDatabase>;

  /** @param name of the database; one for each server that an origin talks to */
  constructor(name = 'secureconnect') {
    this.#opened = open(name);
  }

  async get(key: string): Promise<string | undefined> {
    const value: unknown = await this.#within('readonly', (values) => values.get(key));
    return typeof value === 'string' ? value : undefined;
  }

  async set(key: string, value: string): Promise<void> {
    await this.#within('readwrite', (values) => values.put(value, key));
  }

  async delete(key: string): Promise<void> {
    await this.#within('readwrite', (values) => values.delete(key));
  }

  async keys(prefix: string): Promise<readonly string[]> {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const keys = await this.#within('readonly', (values) => values.getAllKeys(range));
    return keys.map(String);
  }

  /** Ends when the transaction is complete: a request may succeed in one that fails. */
  async #within<Result>(
    mode: IDBTransactionMode,
    act: (values: IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result> {
    const transaction = (await this.#opened).transaction(table, mode, { durability: 'strict' });
    const request = act(transaction.objectStore(table));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(errorOf(transaction.error));
    });
  }
}

function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  return new Promise((resolve, reject) => {
    request.onupgradeneeded = () => request.result.createObjectStore(table);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function errorOf(cause: DOMException | null): unknown {
  return cause?.name === 'QuotaExceededError' ? new StorageFullError(cause) : cause;
}
