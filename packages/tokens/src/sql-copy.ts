import { ApiError, type Logger, OutageLog } from '@secureconnect/service';

export interface SqlCopyOptions<Value> {
  /** The value before the first copy. */
  readonly initial: Value;
  /** Reads a new copy. `askedAt` is the time of its query, by `performance.now()`. */
  readonly read: (previous: Value, askedAt: number) => Promise<Value>;
  readonly refreshMs: number;
  readonly log: Logger;
  readonly failedMessage: string;
  readonly workedMessage: string;
}

/** A local copy of rows in SQL, refreshed by a timer, that knows its age. */
export class SqlCopy<Value> {
  readonly #options: SqlCopyOptions<Value>;
  readonly #outages: OutageLog;
  #value: Value;
  #takenAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #failure: unknown;

  constructor(options: SqlCopyOptions<Value>) {
    this.#options = options;
    this.#value = options.initial;
    this.#outages = new OutageLog({ ...options, fields: {} });
  }

  /** The last copy, however old it is. */
  get value(): Value {
    return this.#value;
  }

  /** Why the last attempt failed; undefined if it did not. */
  get failure(): unknown {
    return this.#failure;
  }

  /** The last copy. Throws SERVICE_UNAVAILABLE with the message if it is too old. */
  fresh(maxStalenessSeconds: number, message: string): Value {
    if (this.stalenessSeconds() <= maxStalenessSeconds) return this.#value;
    throw new ApiError('SERVICE_UNAVAILABLE', message, { retryAfterSeconds: 5 });
  }

  stalenessSeconds(): number {
    return (performance.now() - this.#takenAt) / 1000;
  }

  /** Takes the first copy; if that fails, the timer retries. */
  async start(): Promise<void> {
    await this.tryRefresh();
    if (this.#stopped) return;
    const { refreshMs } = this.#options;
    this.#timer = setTimeout(() => void this.start(), refreshMs * (0.9 + 0.2 * Math.random()));
    this.#timer.unref();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Takes a copy now. Rejects if it cannot be read. */
  async refreshNow(): Promise<void> {
    const askedAt = performance.now();
    const value = await this.#options.read(this.#value, askedAt);
    // Of two concurrent refreshes, keep the one that began later.
    if (askedAt < this.#takenAt) return;
    this.#value = value;
    // The age counts from the query, not from its result.
    this.#takenAt = askedAt;
  }

  /** The same, but a failure is logged. */
  async tryRefresh(): Promise<void> {
    try {
      await this.refreshNow();
      this.#failure = undefined;
      this.#outages.worked();
    } catch (error) {
      this.#failure = error;
      // Not ignored: the copy ages, and its users fail closed if it is too old.
      this.#outages.failed(error);
    }
  }
}
