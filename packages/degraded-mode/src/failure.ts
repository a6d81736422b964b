/** What an error of Redis means. */
export interface Failure {
  /**
   * `hard`: Redis said, or its connection said, that it cannot serve. One is enough to enter
   * degraded mode. `timeout`: no answer in time; it takes several. `bug`: Redis refused what no
   * Redis could serve, a mistake of the caller; the call gets its fallback, the flag does not move.
   */
  readonly severity: 'hard' | 'timeout' | 'bug';
  /**
   * Short and stable, fit for a log line and for `/health`: `ECONNREFUSED`, `READONLY set`. Never
   * data, never a secret.
   */
  readonly reason: string;
  /** The reason is only that there is no connection, not why: it stands behind any other. */
  readonly isVague?: true;
}

/**
 * Says what an error means, or returns undefined when it is not one of Redis at all: such errors
 * are thrown on unchanged. Whatever Redis answers is its fault unless it is known to be the
 * caller's: a list of faults would miss the one that comes next.
 */
export type Classify = (error: unknown) => Failure | undefined;
