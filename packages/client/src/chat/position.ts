import type { Store } from '../stores/store.ts';
import type { ChatEvent } from './frames.ts';

/** As kept: where the log was read up to, and which of the last events came already. */
interface Kept {
  readonly cursor: string;
  readonly known: readonly string[];
}

/**
 * The server repeats the last half minute before a cursor. `knownMax` events are remembered in memory,
 * the newest `keptMax` of them over a reload.
 */
const knownMax = 5000;
const keptMax = 1000;

/** Where a user's log of events was read up to, and which events are known. */
export class Position {
  readonly #store: Store;
  readonly #key: string;
  readonly #known = new Set<string>();
  #cursor: string | undefined;
  #isChanged = false;

  constructor(store: Store, userId: string) {
    this.#store = store;
    this.#key = `position/${userId}`;
  }

  /** The cursor to resume after; undefined where no event has come yet. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  async load(): Promise<void> {
    const text = await this.#store.get(this.#key);
    if (text === undefined) return;
    const { cursor, known } = JSON.parse(text) as Kept;
    this.#cursor = cursor;
    for (const each of known) this.#known.add(each);
  }

  /** Keeps it, where it has changed; what the store did not take, the next call keeps. */
  async save(): Promise<void> {
    if (!this.#isChanged || this.#cursor === undefined) return;
    this.#isChanged = false;
    const kept: Kept = { cursor: this.#cursor, known: [...this.#known].slice(-keptMax) };
    try {
      await this.#store.set(this.#key, JSON.stringify(kept));
    } catch (error) {
      this.#isChanged = true;
      throw error;
    }
  }

  isKnown(event: ChatEvent): boolean {
    const name = nameOf(event);
    return name !== undefined && this.#known.has(name);
  }

  remember(event: ChatEvent): void {
    const name = nameOf(event);
    if (name !== undefined) this.#add(name);
  }

  /** A message that was sent here comes back when the log is read again. */
  rememberMessage(messageId: string): void {
    this.#add(`chat ${messageId}`);
  }

  /** Every event up to it has been handled. */
  moveTo(cursor: string): void {
    this.#cursor = cursor;
    this.#isChanged = true;
  }

  #add(name: string): void {
    this.#known.add(name);
    this.#isChanged = true;
    if (this.#known.size <= knownMax) return;
    const [oldest] = this.#known;
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}

/** Of a message its id; of other events their place in the log, where they have one. */
function nameOf(event: ChatEvent): string | undefined {
  if (event.type === 'chat') return `chat ${event.data.message_id}`;
  return 'cursor' in event ? `${event.type} ${event.cursor}` : undefined;
}
