import type { ChatEvent } from './frames.ts';
import type { Position } from './position.ts';
import { ticksOf } from './time-uuid.ts';

export interface FeedOptions {
  readonly position: Position;
  /** Awaited before an event counts as handled, and before the next one. */
  readonly onEvent: (event: ChatEvent) => void | Promise<void>;
  /** Called with what `onEvent` has thrown; the event is not given to it again. */
  readonly onError: (error: unknown) => void;
  /** Called when events come faster than they are handled: they are to be read again, later. */
  readonly onOverflow: () => void;
}

/** A page cannot slow its socket down. */
const queueMax = 10_000;

/** An event, and whether all events before it have come, too. */
interface Queued {
  readonly event: ChatEvent;
  readonly isInTurn: boolean;
}

/** An event that the server has logged. */
export type LoggedEvent = Extract<ChatEvent, { readonly cursor: string }>;

/**
 * Gives each event once, in the order in which they come, and moves the position on behind them. While
 * what was missed is read, new events may come before older ones: then events wait until all are there.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #queue: Queued[] = [];
  /** Events that wait while what was missed is read. */
  #held: LoggedEvent[] | undefined;
  #isReading = false;
  #isOverflowing = false;
  #idle: Promise<void> = Promise.resolve();

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Takes an event of the socket. */
  take(event: ChatEvent): void {
    if (this.#isFull()) return;
    if (this.#held !== undefined && 'cursor' in event) this.#held.push(event);
    else this.#enqueue([event], true);
  }

  /**
   * Takes an event that is known from elsewhere. By itself it moves no position: there may be no
   * socket, and older events that nobody has read.
   */
  takeOutOfTurn(event: LoggedEvent): void {
    if (this.#isFull()) return;
    if (this.#held !== undefined) this.#held.push(event);
    else this.#enqueue([event], false);
  }

  #isFull(): boolean {
    if (this.#isOverflowing) return true;
    if (this.#queue.length + (this.#held?.length ?? 0) >= queueMax) {
      this.#isOverflowing = true;
      this.#options.onOverflow();
    }
    return this.#isOverflowing;
  }

  /** Ends when everything that was taken is handled, but for what waits. */
  get idle(): Promise<void> {
    return this.#idle;
  }

  /** What waited for the end of an earlier reading is repeated in this one. */
  beginResuming(): void {
    this.#isOverflowing = false;
    this.#held = [];
  }

  /** What was missed is there. */
  endResuming(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    const inOrder = held.sort((one, other) => compare(ticksOf(one.cursor), ticksOf(other.cursor)));
    this.#enqueue(inOrder, true);
  }

  #enqueue(events: readonly ChatEvent[], isInTurn: boolean): void {
    this.#queue.push(...events.map((event) => ({ event, isInTurn })));
    if (!this.#isReading) this.#idle = this.#read();
  }

  async #read(): Promise<void> {
    const { onError, position } = this.#options;
    this.#isReading = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        await this.#handle(next);
      }
      await position.save();
    } catch (error) {
      onError(error);
    } finally {
      this.#isReading = false;
    }
    if (this.#queue.length > 0) this.#idle = this.#read();
  }

  async #handle({ event, isInTurn }: Queued): Promise<void> {
    const { onError, onEvent, position } = this.#options;
    if (!position.isKnown(event)) {
      position.remember(event);
      try {
        await onEvent(event);
      } catch (error) {
        onError(error);
      }
    }
    if (isInTurn && 'cursor' in event) position.moveTo(event.cursor);
  }
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
