import { isDatabaseOutage } from '@secureconnect/postgres';
import { type Cause, causeOf } from './cause.ts';
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
/** Causes of one outage that are logged. */
const maxCauses = 8;

/**
 * Logs a dependency that fails at every request or timer while it is down: one line with the cause
 * when that begins, and one when it works again, with its duration and the number of failures that
 * were not logged. A dependency that fails and works in turn is logged every ten seconds, and so is
 * a different cause that an operator can end. A mistake of the program is an error, with its stack.
 *
 * A failure of the database is logged by `databaseOutages` of the same log instead: while it is
 * down, much fails at once.
 */
export class OutageLog {
  readonly #options: OutageLogOptions;
  readonly #now: () => number;
  #failingSince: number | undefined;
  #isTold = false;
  #lacksDatabase = false;
  #lastToldAt = Number.NEGATIVE_INFINITY;
  #suppressed = 0;
  /** The remedies of the causes logged in this outage. */
  readonly #toldRemedies = new Set<string>();

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
    const { log, fields: what, failedMessage = 'dependency is unavailable' } = this.#options;
    const shared = isDatabaseOutage(error) ? databaseOutages(log) : this;
    if (shared !== this) {
      this.#lacksDatabase = true;
      shared.failed(error, { ...fields, what: failedMessage });
      return;
    }
    const cause = causeOf(error);
    const isNews = !this.#isTold || this.#isOtherCause(cause);
    if (!isNews || now - this.#lastToldAt < minPauseMs) {
      this.#suppressed += 1;
      return;
    }
    this.#isTold = true;
    this.#lastToldAt = now;
    if (cause.remedy !== undefined) this.#toldRemedies.add(cause.remedy);
    const isMistake = isOwnMistake(error);
    const why = isMistake ? { err: error } : { cause };
    log[isMistake ? 'error' : 'warn']({ ...what, ...fields, ...why }, failedMessage);
  }

  /** Such as a server that is up again and now refuses the password. */
  #isOtherCause({ remedy }: Cause): boolean {
    const told = this.#toldRemedies;
    return remedy !== undefined && !told.has(remedy) && told.size < maxCauses;
  }

  /** It worked. */
  worked(): void {
    if (this.#failingSince === undefined) return;
    const durationMs = Math.round(this.#now() - this.#failingSince);
    this.#failingSince = undefined;
    const { log, fields: what, workedMessage = 'dependency is available again' } = this.#options;
    if (this.#lacksDatabase) databaseOutages(log).worked();
    this.#lacksDatabase = false;
    if (!this.#isTold) return;
    this.#isTold = false;
    this.#toldRemedies.clear();
    log.info({ ...what, duration_ms: durationMs, suppressed: this.#suppressed }, workedMessage);
    this.#suppressed = 0;
  }
}

const ofDatabase = new WeakMap<Logger, OutageLog>();

/** Logs outages of the database, once for everything with the same log that needs it. */
export function databaseOutages(log: Logger): OutageLog {
  const known = ofDatabase.get(log);
  if (known !== undefined) return known;
  const outages = new OutageLog({ log, fields: { dependency: 'database' } });
  ofDatabase.set(log, outages);
  return outages;
}

/**
 * Logs an error there if the database is the cause; if not, returns false. `fields` say what failed
 * without it.
 */
export function logDatabaseOutage(log: Logger, error: unknown, fields: object): boolean {
  if (!isDatabaseOutage(error)) return false;
  databaseOutages(log).failed(error, fields);
  return true;
}

/**
 * Whether an error is one of the program, whose origin must be known, and not of a dependency. A
 * SyntaxError is one of a reply that is no JSON; that of `fetch` has a cause.
 */
export function isOwnMistake(error: unknown): boolean {
  const kinds = [TypeError, RangeError, ReferenceError];
  return kinds.some((kind) => error instanceof kind) && (error as Error).cause === undefined;
}
