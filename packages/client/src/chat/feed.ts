import type { ChatEvent } from './frames.ts';
import type { Position } from './position.ts';

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

/**
 * Gives each event once, in the order in which they come, and moves the position on behind them. While
 * what was missed is read, new events may come before older ones: the position waits until the end of
 * that.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #queue: ChatEvent[] = [];
  #isReading = false;
  #isResuming = false;
  #isOverflowing = false;
  /** The last cursor that was handled while what was missed is read. */
  #reached: string | undefined;
  #idle: Promise<void> = Promise.resolve();

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  take(event: ChatEvent): void {
    if (this.#isOverflowing) return;
    if (this.#queue.length >= queueMax) {
      this.#isOverflowing = true;
      this.#options.onOverflow();
      return;
    }
    this.#queue.push(event);
    if (!this.#isReading) this.#idle = this.#read();
  }

  /** Ends when everything that was taken is handled. */
  get idle(): Promise<void> {
    return this.#idle;
  }

  beginResuming(): void {
    this.#isOverflowing = false;
    this.#isResuming = true;
    this.#reached = undefined;
  }

  /** What was missed has been read. */
  async endResuming(): Promise<void> {
    await this.#idle;
    this.#isResuming = false;
    if (this.#reached !== undefined) this.#options.position.moveTo(this.#reached);
    await this.#options.position.save();
  }

  async #read(): Promise<void> {
    const { onError, position } = this.#options;
    this.#isReading = true;
    try {
      for (let event = this.#queue.shift(); event !== undefined; event = this.#queue.shift()) {
        await this.#handle(event);
      }
      await position.save();
    } catch (error) {
      onError(error);
    } finally {
      this.#isReading = false;
    }
    if (this.#queue.length > 0) this.#idle = this.#read();
  }

  async #handle(event: ChatEvent): Promise<void> {
    const { onError, onEvent, position } = this.#options;
    if (!position.isKnown(event)) {
      position.remember(event);
      try {
        await onEvent(event);
      } catch (error) {
        onError(error);
      }
    }
    if (!('cursor' in event)) return;
    if (this.#isResuming) this.#reached = event.cursor;
    else position.moveTo(event.cursor);
  }
}
