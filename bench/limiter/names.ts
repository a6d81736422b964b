/** What is compared, in the order of the tables. */
export const limiterNames = ['LocalLimiter', 'RateLimiterMemory'] as const;
export type LimiterName = (typeof limiterNames)[number];

/** What one child measures. */
export interface Task {
  readonly limiter: LimiterName;
  readonly keys: number;
  /** Subjects that ours counts one by one; the peer has no bound. */
  readonly maxKeys: number;
}

export interface LimiterFigures {
  /** First requests of new keys a second. */
  readonly newKeysPerSecond: number;
  /** Requests of known keys a second. */
  readonly operationsPerSecond: number;
  /** Heap that a key takes, the text of its name included. */
  readonly bytesPerKey: number;
  /** Heap that the whole table takes. */
  readonly heapBytes: number;
  /** Whether a key that had spent its limit before all others came is refused still. */
  readonly spentKeyIsRefused: boolean;
}
