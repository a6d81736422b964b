/** The meaning of a Redis error. */
export interface Failure {
  /**
   * `hard`: Redis or its connection reported that it cannot serve; one enters degraded mode.
   * `timeout`: no reply in time; several enter degraded mode. `bug`: Redis refused an invalid
   * command of the caller; the call gets its fallback, the flag stays.
   */
  readonly severity: 'hard' | 'timeout' | 'bug';
  /**
   * Short and stable, for log lines and `/health`: `ECONNREFUSED`, `READONLY set`. Never contains
   * data or secrets.
   */
  readonly reason: string;
  /** The reason is only that there is no connection, not why; any other reason takes precedence. */
  readonly isVague?: true;
}

/**
 * Classifies an error, or returns undefined if it is not one of Redis: such errors are rethrown
 * unchanged. Every error reply is a fault of Redis unless it is known to be the caller's, because a
 * list of faults would never be complete.
 */
export type Classify = (error: unknown) => Failure | undefined;
