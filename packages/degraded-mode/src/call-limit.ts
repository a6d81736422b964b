import { TookTooLong } from './within.ts';

/** A call of a port did not end within the mode's `portLimitMs`. */
export class PortCallTookTooLong extends TookTooLong {
  override readonly name: string = 'PortCallTookTooLong';
}

/** What is made of a result. */
type Succeeded<T> = (result: T) => T;
/** What is made of an error; may throw it, or a different one. */
type Failed<T> = (error: unknown) => T | PromiseLike<T>;

/** A call that may still be given up, in a list of those that began before and after it. */
class Waiting<T> {
  /** In milliseconds of `performance.now()`. */
  readonly endsAt: number;
  earlier: Waiting<unknown> | undefined;
  later: Waiting<unknown> | undefined;
  isOver = false;
  readonly #resolve: (result: T | PromiseLike<T>) => void;
  readonly #reject: (error: unknown) => void;
  readonly #succeeded: Succeeded<T>;
  readonly #failed: Failed<T>;

  constructor(
    endsAt: number,
    resolve: (result: T | PromiseLike<T>) => void,
    reject: (error: unknown) => void,
    succeeded: Succeeded<T>,
    failed: Failed<T>,
  ) {
    this.endsAt = endsAt;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#succeeded = succeeded;
    this.#failed = failed;
  }

  succeed(result: T): void {
    try {
      this.#resolve(this.#succeeded(result));
    } catch (thrown) {
      this.#reject(thrown);
    }
  }

  fail(error: unknown): void {
    try {
      this.#resolve(this.#failed(error));
    } catch (thrown) {
      this.#reject(thrown);
    }
  }
}

/**
 * A time limit around each call of a port. As it is the same for all, calls end in the order in
 * which they began, and one timer does for all of them. A call that is given up is not stopped. Each
 * call costs one promise and few objects, so that a request leaves little to the garbage collector.
 */
export class CallLimit {
  readonly #limitMs: number;
  #first: Waiting<unknown> | undefined;
  #last: Waiting<unknown> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** Settles like the call, or rejects with {@link PortCallTookTooLong} after the limit. */
  around<T>(call: Promise<T>): Promise<T> {
    return this.through(call, unchanged, rethrow);
  }

  /**
   * Settles with what is made of the call's result or error, or of {@link PortCallTookTooLong} after
   * the limit.
   */
  through<T>(call: Promise<T>, succeeded: Succeeded<T>, failed: Failed<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const endsAt = performance.now() + this.#limitMs;
      const waiting = new Waiting(endsAt, resolve, reject, succeeded, failed);
      this.#begin(waiting as Waiting<unknown>);
      call.then(
        (result) => {
          if (this.#end(waiting as Waiting<unknown>)) waiting.succeed(result);
        },
        (error: unknown) => {
          if (this.#end(waiting as Waiting<unknown>)) waiting.fail(error);
        },
      );
    });
  }

  #begin(waiting: Waiting<unknown>): void {
    waiting.earlier = this.#last;
    if (this.#last === undefined) this.#first = waiting;
    else this.#last.later = waiting;
    this.#last = waiting;
    if (this.#timer === undefined) this.#wakeIn(this.#limitMs);
  }

  /** Takes a call from the list; false if it was given up before. */
  #end(waiting: Waiting<unknown>): boolean {
    if (waiting.isOver) return false;
    waiting.isOver = true;
    const { earlier, later } = waiting;
    if (earlier === undefined) this.#first = later;
    else earlier.later = later;
    if (later === undefined) this.#last = earlier;
    else later.earlier = earlier;
    // A call that is over must not keep those that come after it.
    waiting.earlier = undefined;
    waiting.later = undefined;
    return true;
  }

  #wakeIn(delayMs: number): void {
    // After a blocked event loop, the sockets are read before a call counts as late.
    this.#timer = setTimeout(() => setImmediate(() => this.#giveUp()), Math.ceil(delayMs));
    this.#timer.unref();
  }

  #giveUp(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (let first = this.#first; first !== undefined; first = this.#first) {
      if (first.endsAt > now) {
        if (this.#timer === undefined) this.#wakeIn(first.endsAt - now);
        return;
      }
      this.#end(first);
      const what = `a call of a port took longer than ${this.#limitMs} ms`;
      first.fail(new PortCallTookTooLong(what));
    }
  }
}

function unchanged<T>(result: T): T {
  return result;
}

function rethrow(error: unknown): never {
  throw error;
}
