/**
 * What happened to the data while Redis was away. Each is a different event for whoever must put
 * things right.
 *
 * - `firstContact`: this process has not seen Redis before.
 * - `sameData`: the same server, still with what it had.
 * - `restarted`: another run of the server, or a promoted replica, with everything up to the last
 *   full probe; a write after that may be gone.
 * - `rolledBack`: an older copy of the data; writes that Redis had acknowledged are gone.
 * - `empty`: nothing is left of what this process wrote.
 */
export type DataChange = 'firstContact' | 'sameData' | 'restarted' | 'empty' | 'rolledBack';

export interface RecoveryEvent {
  readonly dataChange: DataChange;
}

/**
 * Puts one thing right before the flag flips back: republishes from the durable store, hands over
 * counters, makes subscriptions again. Must be idempotent: every process runs it, and a recovery
 * that fails half-way runs it again, with the same event or a worse one.
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

/** Of two changes that a recovery has to make good, the one after which more is missing. */
export function worseChange(one: DataChange, other: DataChange): DataChange {
  return severity[other] > severity[one] ? other : one;
}
