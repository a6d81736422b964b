import type { Store } from '../stores/store.ts';
import type { NewMessage } from './frames.ts';

/** A message that waits to be sent, as it is kept. */
export interface OutboxEntry {
  /** `message.client_message_id`: the server stores a message once, however often it is sent. */
  readonly id: string;
  readonly message: NewMessage & { readonly client_message_id: string };
  /** Why it is not sent: the server has refused it for good. */
  readonly refusal?: { readonly code: string; readonly message: string };
}

/** The messages of a user that are not stored on the server yet, in the order of their sending. */
export class Outbox {
  readonly #store: Store;
  readonly #prefix: string;
  #lastMs = 0;
  #isOrdered: Promise<void> | undefined;

  constructor(store: Store, userId: string) {
    this.#store = store;
    this.#prefix = `outbox/${userId}/`;
  }

  /**
   * Keeps a message; it is not lost from here on.
   * @throws Error where a message of a different conversation is kept under the id
   */
  async add(id: string, message: NewMessage): Promise<void> {
    for (const known of await this.#entriesAt(await this.#keysOf(id))) {
      if (known.message.conversation_id !== message.conversation_id) throw idInUse(id);
    }
    const entry: OutboxEntry = { id, message: { ...message, client_message_id: id } };
    this.#isOrdered ??= this.#readLast();
    await this.#isOrdered;
    await this.#store.set(this.#nextKey(id), JSON.stringify(entry));
  }

  /** The oldest first. */
  async entries(): Promise<readonly OutboxEntry[]> {
    return this.#entriesAt(await this.#store.keys(this.#prefix));
  }

  async #entriesAt(keys: readonly string[]): Promise<readonly OutboxEntry[]> {
    const entries = keys.map(async (key) => {
      const text = await this.#store.get(key);
      return text === undefined ? [] : [JSON.parse(text) as OutboxEntry];
    });
    return (await Promise.all(entries)).flat();
  }

  async remove(id: string): Promise<void> {
    for (const key of await this.#keysOf(id)) await this.#store.delete(key);
  }

  /** Keeps why an entry is not sent; it stays until somebody removes it or sends it again. */
  async refuse(entry: OutboxEntry, refusal: NonNullable<OutboxEntry['refusal']>): Promise<void> {
    const [key] = await this.#keysOf(entry.id);
    if (key !== undefined) await this.#store.set(key, JSON.stringify({ ...entry, refusal }));
  }

  async #keysOf(id: string): Promise<readonly string[]> {
    const keys = await this.#store.keys(this.#prefix);
    // An id may have slashes, and end like a different one.
    return keys.filter((key) => key.slice(key.indexOf('/', this.#prefix.length) + 1) === id);
  }

  /** Behind what a page before has kept, though the clock has gone back since. */
  async #readLast(): Promise<void> {
    const last = (await this.#store.keys(this.#prefix)).at(-1) ?? '';
    this.#lastMs = Math.max(
      this.#lastMs,
      Number.parseInt(last.slice(this.#prefix.length), 10) || 0,
    );
  }

  /** Keys in the order of their making, also where the clock goes back. */
  #nextKey(id: string): string {
    this.#lastMs = Math.max(Date.now(), this.#lastMs + 1);
    return `${this.#prefix}${String(this.#lastMs).padStart(15, '0')}/${id}`;
  }
}

/** An entry is found by its id alone: of two conversations, one would lose its message. */
export function idInUse(id: string): Error {
  return new Error(
    `A message of a different conversation waits under the client_message_id "${id}"; choose a different one.`,
  );
}
