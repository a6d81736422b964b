/**
 * Keeps texts under keys, over restarts and reloads where it can. The session, the outbox and the
 * position in the log of events are in it. What `set` and `delete` have acknowledged is kept; `set`
 * throws StorageFullError where there is no space left, and the former value stays.
 */
export interface Store {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  /** The keys that begin with a prefix, in the order of their code units. */
  keys(prefix: string): Promise<readonly string[]>;
}

/** Keeps everything until the process ends or the page is left. */
export class MemoryStore implements Store {
  readonly #values = new Map<string, string>();

  async get(key: string): Promise<string | undefined> {
    return this.#values.get(key);
  }

  async set(key: string, value: string): Promise<void> {
    this.#values.set(key, value);
  }

  async delete(key: string): Promise<void> {
    this.#values.delete(key);
  }

  async keys(prefix: string): Promise<readonly string[]> {
    return [...this.#values.keys()].filter((key) => key.startsWith(prefix)).sort();
  }
}
