/**
 * What happened to the data while Redis was away. Each is a different event for whoever must put
 * things right: after `empty` and `rolledBack` writes that Redis had acknowledged are gone.
 */
export type DataChange = 'firstContact' | 'sameData' | 'restarted' | 'empty' | 'rolledBack';

export interface RecoveryEvent {
  readonly dataChange: DataChange;
}

/**
 * Puts one thing right before the flag flips back: republishes from the durable store, hands over
 * counters, makes subscriptions again. Must be idempotent: every process runs it, and a recovery
 * that fails half-way runs it again.
 */
export interface Reconciler {
  readonly name: string;
  run(event: RecoveryEvent): Promise<void>;
}
