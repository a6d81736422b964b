/** What one client did to one fingerprint, and what it was told; a line of a history for the checker. */
export interface Operation {
  readonly client: string;
  readonly fingerprint: string;
  readonly kind: 'fire' | 'resolve' | 'read';
  /** When a firing alert began, or a resolved one ended; Unix milliseconds. */
  readonly atMs?: number;
  /** Microseconds from the start of the run. */
  readonly calledUs: number;
  /** Missing where the outcome is unknown. */
  readonly returnedUs?: number;
  /** `unknown`: a 5xx, or no reply. It may happen at any later time, or never. */
  readonly outcome: 'created' | 'duplicate' | 'resolved' | 'not_active' | 'listed' | 'unknown';
  /** The request that was named. */
  readonly name?: string;
  /** The active requests that were listed. */
  readonly names?: readonly string[];
}

/** A history as the checker reads it. */
export function historyLines(history: readonly Operation[]): string {
  return history.map((one) => `${JSON.stringify(one)}\n`).join('');
}
