/** Why Redis could not serve a command. */
export interface Failure {
  /**
   * `hard`: Redis said, or its connection said, that it cannot serve. One is enough to enter
   * degraded mode. `timeout`: no answer in time; it takes several.
   */
  readonly severity: 'hard' | 'timeout';
  /** Short and stable, fit for a log field and a metric label: `refused`, `READONLY`, … */
  readonly reason: string;
}

/**
 * Tells a fault of Redis from a fault of the caller. Returns undefined for the latter (a wrong
 * type, a script error, any error that Redis did not cause): such errors are thrown on unchanged.
 */
export type Classify = (error: unknown) => Failure | undefined;
