import type { Store } from '../stores/store.ts';
import { type Resolvers, withResolvers } from '../support/delay.ts';
import type { Locks } from '../support/locks.ts';
import { openPages, type Pages } from '../support/pages.ts';
import type { Message, NewMessage } from './frames.ts';
import { idInUse, Outbox, type OutboxEntry } from './outbox.ts';
import { type Outcome, Sender, type SenderOptions } from './sender.ts';

/** The server has refused a message for good. It stays in the outbox until it is removed. */
export class MessageRefusedError extends Error {
  override readonly name = 'MessageRefusedError';
  readonly code: string;
  /** Names the entry of the outbox. */
  readonly id: string;

  constructor(id: string, { code, message }: { readonly code: string; readonly message: string }) {
    super(message);
    this.id = id;
    this.code = code;
  }
}

/** Where a message comes from that has an outcome. */
export interface OutcomeOrigin {
  /** This page has asked for it, and its promise tells. */
  readonly isOwn: boolean;
  /** This page has sent it, for whichever page. */
  readonly isSentHere: boolean;
}

export interface MailingOptions {
  readonly userId: string;
  readonly store: Store;
  readonly locks: Locks;
  readonly deliver: SenderOptions['deliver'];
  readonly onOutcome: (outcome: Outcome, origin: OutcomeOrigin) => void;
  readonly onError: (error: unknown) => void;
}

/** Pages tell each other that there is something to send, and what has become of it. */
type Word = 'added' | Outcome;

/** A promise of this page. */
interface Waiting extends Resolvers<Message> {
  readonly conversationId: string;
}

/** The outbox of a user, which one of the pages that share it sends. */
export class Mailing {
  readonly #options: MailingOptions;
  readonly #outbox: Outbox;
  readonly #sender: Sender;
  readonly #pages: Pages<Word>;
  readonly #waiting = new Map<string, Waiting>();
  readonly #running: Promise<void>;

  constructor(options: MailingOptions) {
    const { deliver, locks, onError, store, userId } = options;
    this.#options = options;
    this.#outbox = new Outbox(store, userId);
    this.#pages = openPages<Word>(`secureconnect/outbox/${userId}`, (word) => {
      if (word === 'added') this.#sender.hurry();
      else this.#settle(word, false);
    });
    const onOutcome = (outcome: Outcome) => {
      this.#pages.tell(outcome);
      this.#settle(outcome, true);
    };
    const outbox = this.#outbox;
    this.#sender = new Sender({ userId, outbox, locks, deliver, onOutcome, onError });
    this.#running = this.#sender.run().catch(onError);
  }

  /**
   * Keeps a message, and sends it as soon as that is possible.
   * @returns the message as the server has stored it, however long that takes
   * @throws MessageRefusedError where the server refuses it for good
   * @throws StorageFullError where it cannot be kept: it is not sent
   */
  async send(message: NewMessage): Promise<Message> {
    const id = message.client_message_id ?? crypto.randomUUID();
    const { conversation_id: conversationId } = message;
    const known = this.#waiting.get(id);
    if (known !== undefined && known.conversationId !== conversationId) throw idInUse(id);
    if (known !== undefined) return known.promise;
    // Before it is kept: from then on another page may send it.
    const waiting = { conversationId, ...withResolvers<Message>() };
    this.#waiting.set(id, waiting);
    try {
      await this.#outbox.add(id, message);
    } catch (error) {
      this.#waiting.delete(id);
      throw error;
    }
    this.hurry();
    this.#pages.tell('added');
    return waiting.promise;
  }

  /** Whether a promise of this page waits for a message, by its `client_message_id`. */
  isPending(id: string | undefined): boolean {
    return id !== undefined && this.#waiting.has(id);
  }

  /** The messages that are not stored yet, the oldest first; those that were refused say why. */
  entries(): Promise<readonly OutboxEntry[]> {
    return this.#outbox.entries();
  }

  /** Gives up a message. One that is on its way may be stored all the same. */
  remove(id: string): Promise<void> {
    return this.#outbox.remove(id);
  }

  /** Attempts at once what waits for its next attempt. */
  hurry(): void {
    this.#sender.hurry();
  }

  async close(): Promise<void> {
    this.#sender.close();
    await this.#running;
    this.#pages.close();
  }

  #settle(outcome: Outcome, isSentHere: boolean): void {
    const waiting = this.#waiting.get(outcome.id);
    this.#waiting.delete(outcome.id);
    this.#tell(outcome, { isOwn: waiting !== undefined, isSentHere });
    if ('message' in outcome) waiting?.resolve(outcome.message);
    else waiting?.reject(new MessageRefusedError(outcome.id, outcome.refusal));
  }

  /** A listener that throws keeps no message from being sent. */
  #tell(outcome: Outcome, origin: OutcomeOrigin): void {
    try {
      this.#options.onOutcome(outcome, origin);
    } catch (error) {
      this.#options.onError(error);
    }
  }
}
