import { causeOf } from './cause.ts';
import type { Logger } from './logger.ts';

export interface OutageLogOptions {
  readonly log: Logger;
  /** In both lines: what fails, such as `{ dependency: 'database' }`. */
  readonly fields: object;
  /** Default: `dependency is unavailable`. */
  readonly failedMessage?: string;
  /** Default: `dependency is available again`. */
  readonly workedMessage?: string;
  /** In milliseconds, of any origin. Default: `performance.now`. */
  readonly now?: () => number;
}

/** Repeated failures begin at most one outage in the log within this time. */
const minPauseMs = 10_000;

/**
 * Logs a dependency that fails at every request or timer while it is down: one line with the cause
 * when that begins, and one when it works again, with its duration and the number of failures that
 * were not logged. A dependency that fails and works in turn is logged every ten seconds.
 */
export class OutageLog {
  readonly #options: OutageLogOptions;
  readonly #now: () => number;
  #failingSince: number | undefined;
  #isTold = false;
  #lastToldAt = Number.NEGATIVE_INFINITY;
  #suppressed = 0;

  constructor(options: OutageLogOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  get isFailing(): boolean {
    return this.#failingSince !== undefined;
  }

  /** It failed with `error`; `fields` say more about this one failure. */
  failed(error: unknown, fields: object = {}): void {
    const now = this.#now();
    this.#failingSince ??= now;
    if (this.#isTold || now - this.#lastToldAt < minPauseMs) {
      this.#suppressed += 1;
      return;
    }
    this.#isTold = true;
    this.#lastToldAt = now;
    const { log, fields: what, failedMessage = 'dependency is unavailable' } = this.#options;
    const why = isOwnMistake(error) ? { err: error } : { cause: causeOf(error) };
    log.warn({ ...what, ...fields, ...why }, failedMessage);
  }

  /** It worked. */
  worked(): void {
    if (this.#failingSince === undefined) return;
    const durationMs = Math.round(this.#now() - this.#failingSince);
    this.#failingSince = undefined;
    if (!this.#isTold) return;
    this.#isTold = false;
    const { log, fields: what, workedMessage = 'dependency is available again' } = this.#options;
    log.info({ ...what, duration_ms: durationMs, suppressed: this.#suppressed }, workedMessage);
    this.#suppressed = 0;
  }
}

/** An error of the program, not of a dependency; its origin must be known. */
function isOwnMistake(error: unknown): boolean {
  const kinds = [TypeError, RangeError, ReferenceError, SyntaxError];
  return kinds.some((kind) => error instanceof kind) && (error as Error).cause === undefined;
}
