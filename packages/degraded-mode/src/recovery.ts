/**
 * The change of the data while Redis was down. Reconcilers treat each differently.
 *
 * - `firstContact`: this process had no contact with Redis before.
 * - `sameData`: the same server with the same data.
 * - `restarted`: a restarted server or a promoted replica, with everything up to the last full
 *   probe; later writes may be lost.
 * - `rolledBack`: an older copy of the data; acknowledged writes are lost.
 * - `empty`: all data of this process is lost.
 */
export type DataChange = 'firstContact' | 'sameData' | 'restarted' | 'empty' | 'rolledBack';

export interface RecoveryEvent {
  readonly dataChange: DataChange;
}

/**
 * Restores one thing before the flag flips back: republishes from the durable store, hands over
 * counters, renews subscriptions. Must be idempotent: every process runs it, and a failed recovery
 * runs it again, with the same change or a worse one.
 */
export interface Reconciler {
  readonly name: string;
  run(event: RecoveryEvent): Promise<void>;
}

const severity: Readonly<Record<DataChange, number>> = {
  sameData: 0,
  restarted: 1,
  firstContact: 2,
  rolledBack: 3,
  empty: 4,
};

/** Returns the worse of two changes: the one that loses more data. */
export function worseChange(one: DataChange, other: DataChange): DataChange {
  return severity[other] > severity[one] ? other : one;
}
