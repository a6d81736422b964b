import { TookTooLong } from './within.ts';

/** A call of a port did not end within the mode's `portLimitMs`. */
export class PortCallTookTooLong extends TookTooLong {
  override readonly name: string = 'PortCallTookTooLong';
}

interface Waiting {
  readonly reject: (error: PortCallTookTooLong) => void;
  /** In milliseconds of `performance.now()`. */
  readonly endsAt: number;
}

/**
 * A time limit around each call of a port. As it is the same for all, calls end in the order in
 * which they began, and one timer does for all of them. A call that is given up is not stopped.
 */
export class CallLimit {
  readonly #limitMs: number;
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** Settles like the call, or rejects with {@link PortCallTookTooLong} after the limit. */
  around<T>(call: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiting = { reject, endsAt: performance.now() + this.#limitMs };
      this.#waiting.add(waiting);
      if (this.#timer === undefined) this.#wakeIn(this.#limitMs);
      call.then(
        (result) => {
          this.#waiting.delete(waiting);
          resolve(result);
        },
        (error: unknown) => {
          this.#waiting.delete(waiting);
          reject(error);
        },
      );
    });
  }

  #wakeIn(delayMs: number): void {
    // After a blocked event loop, the sockets are read before a call counts as late.
    this.#timer = setTimeout(() => setImmediate(() => this.#giveUp()), Math.ceil(delayMs));
    this.#timer.unref();
  }

  #giveUp(): void {
    const now = performance.now();
    for (const waiting of this.#waiting) {
      if (waiting.endsAt > now) {
        this.#wakeIn(waiting.endsAt - now);
        return;
      }
      this.#waiting.delete(waiting);
      const what = `a call of a port took longer than ${this.#limitMs} ms`;
      waiting.reject(new PortCallTookTooLong(what));
    }
    this.#timer = undefined;
  }
}
