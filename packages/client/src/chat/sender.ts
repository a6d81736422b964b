import { LostReplyError, RefusedError, SignedOutError } from '../http/errors.ts';
import { backOffMs } from '../support/back-off.ts';
import { pause } from '../support/delay.ts';
import type { Locks } from '../support/locks.ts';
import type { Message } from './frames.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';

/** What has become of an entry. */
export type Outcome =
  | { readonly id: string; readonly message: Message }
  | { readonly id: string; readonly refusal: { readonly code: string; readonly message: string } };

export interface SenderOptions {
  readonly userId: string;
  readonly outbox: Outbox;
  readonly locks: Locks;
  /** Sends a message, once; one that was sent before gives the same message. */
  readonly deliver: (entry: OutboxEntry, signal: AbortSignal) => Promise<Message>;
  readonly onOutcome: (outcome: Outcome) => void;
  /** Told of faults that are none of the network, such as those of the store: they are tried again. */
  readonly onError: (error: unknown) => void;
}

const bounds = { firstMs: 500, maxMs: 30_000 };

/**
 * Sends what is in the outbox, conversation by conversation in the order of the entries. Of all pages
 * that share the outbox one sends; when it is left, another one goes on.
 */
export class Sender {
  readonly #options: SenderOptions;
  readonly #closing = new AbortController();
  #isAsked = false;
  #wake: (() => void) | undefined;
  #failures = 0;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Runs until it is closed. */
  async run(): Promise<void> {
    const { signal } = this.#closing;
    const { locks, userId } = this.#options;
    try {
      await locks.hold(`secureconnect/outbox/${userId}`, signal, () => this.#send(signal));
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** There is something new, or a failed attempt may succeed now. */
  hurry(): void {
    this.#isAsked = true;
    this.#wake?.();
  }

  close(): void {
    this.#closing.abort();
  }

  async #send(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#isAsked = false;
      const isDone = await this.#attemptAll(signal);
      this.#failures = isDone ? 0 : this.#failures + 1;
      if (!this.#isAsked) await this.#wait(signal);
    }
  }

  /** Until somebody asks, and after a failure for so long. */
  async #wait(signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    const ms = this.#failures === 0 ? 2 ** 31 - 1 : backOffMs(this.#failures, bounds);
    await pause(ms, AbortSignal.any([woken.signal, signal]));
    this.#wake = undefined;
  }

  async #attemptAll(signal: AbortSignal): Promise<boolean> {
    try {
      return await this.#sendAll(signal);
    } catch (error) {
      this.#options.onError(error);
      return false;
    }
  }

  /** @returns whether nothing is left that should be tried again */
  async #sendAll(signal: AbortSignal): Promise<boolean> {
    const entries = (await this.#options.outbox.entries()).filter(({ refusal }) => !refusal);
    const results = byConversation(entries).map((each) => this.#sendInOrder(each, signal));
    return (await Promise.all(results)).every(Boolean);
  }

  async #sendInOrder(entries: readonly OutboxEntry[], signal: AbortSignal): Promise<boolean> {
    try {
      for (const entry of entries) {
        if (!(await this.#sendOne(entry, signal))) return false;
      }
      return true;
    } catch (error) {
      // Other conversations go on meanwhile.
      this.#options.onError(error);
      return false;
    }
  }

  /** The outcome is told before the entry is removed: a page that ends between them sends it again. */
  async #sendOne(entry: OutboxEntry, signal: AbortSignal): Promise<boolean> {
    const { deliver, onOutcome, outbox } = this.#options;
    try {
      const message = await deliver(entry, signal);
      onOutcome({ id: entry.id, message });
      await outbox.remove(entry.id);
      return true;
    } catch (error) {
      if (isTemporary(error, signal)) return false;
      if (!(error instanceof RefusedError)) throw error;
      const refusal = { code: error.code, message: error.message };
      await outbox.refuse(entry, refusal);
      onOutcome({ id: entry.id, refusal });
      return true;
    }
  }
}

function byConversation(entries: readonly OutboxEntry[]): readonly (readonly OutboxEntry[])[] {
  const groups = new Map<string, OutboxEntry[]>();
  for (const entry of entries) {
    const { conversation_id: conversation } = entry.message;
    groups.set(conversation, [...(groups.get(conversation) ?? []), entry]);
  }
  return [...groups.values()];
}

/** Whether the same message may be accepted later; other refusals are for good. */
function isTemporary(error: unknown, signal: AbortSignal): boolean {
  if (signal.aborted || error instanceof LostReplyError || error instanceof SignedOutError) {
    return true;
  }
  if (!(error instanceof RefusedError)) return false;
  return error.isUndone || error.status >= 500 || temporaryCodes.includes(error.code);
}

const temporaryCodes = ['UNAUTHORIZED', 'INTERNAL_ERROR', 'BAD_GATEWAY', 'GATEWAY_TIMEOUT'];
