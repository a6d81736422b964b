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
const maxCauseLength = 300;

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

/** A cause in a log line: short, in one line, without a password. */
export interface Cause {
  readonly code?: string;
  readonly message: string;
}

/** Names what went wrong, by the code and the message of a library's error. */
export function causeOf(error: unknown): Cause {
  if (!(error instanceof Error)) return { message: shortened(String(error)) };
  const below = error.cause === undefined ? undefined : causeOf(error.cause);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : below?.code;
  // A name with several addresses has an error for each, and no message of its own.
  const words =
    error.message === '' && error instanceof AggregateError
      ? error.errors.map((each) => causeOf(each).message).join('; ')
      : error.message;
  // As in `fetch`: "fetch failed", and the reason in its cause.
  const message = below === undefined ? words : `${words}: ${below.message}`;
  return { ...(code === undefined ? {} : { code }), message: shortened(message) };
}

/** An error of the program, not of a dependency; its origin must be known. */
function isOwnMistake(error: unknown): boolean {
  const kinds = [TypeError, RangeError, ReferenceError, SyntaxError];
  return kinds.some((kind) => error instanceof kind) && (error as Error).cause === undefined;
}

function shortened(text: string): string {
  const oneLine = text.split('\n', 1)[0] ?? '';
  return oneLine.replaceAll(/\/\/[^/@\s]{0,256}@/g, '//[redacted]@').slice(0, maxCauseLength);
}
