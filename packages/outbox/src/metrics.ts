import { counter, gauge, type ServiceMetrics } from '@secureconnect/service';
import type { Measured } from './store.ts';

/**
 * How an attempt ended. `refused` and `exhausted` made a dead letter; `postponed` was none, because
 * something else must be there first.
 */
export const outcomes = [
  'delivered',
  'failed',
  'postponed',
  'refused',
  'exhausted',
  'lease_lost',
  'released',
] as const;
export type Outcome = (typeof outcomes)[number];

export interface OutboxMetrics {
  count(kind: string, outcome: Outcome): void;
  show(measured: readonly Measured[]): void;
  /** If the outbox cannot be read: an old figure would be wrong. */
  hide(): void;
}

/** Measures the outbox of a process; each kind has a line from the start. */
export function createOutboxMetrics(
  metrics: ServiceMetrics,
  kinds: readonly string[],
): OutboxMetrics {
  const deliveries = counter(metrics, {
    name: 'outbox_deliveries_total',
    help: 'Tries to deliver an effect of the outbox, by kind and outcome',
    labelNames: ['kind', 'outcome'],
  });
  for (const kind of kinds) for (const outcome of outcomes) deliveries.inc({ kind, outcome }, 0);
  const effects = gauge(metrics, {
    name: 'outbox_effects',
    help: 'Effects in the outbox that are pending or dead, by kind',
    labelNames: ['kind', 'state'],
  });
  const oldestDue = gauge(metrics, {
    name: 'outbox_oldest_due_seconds',
    help: 'Seconds for which the oldest due effect has waited for a worker, by kind',
    labelNames: ['kind'],
  });
  const oldestUndelivered = gauge(metrics, {
    name: 'outbox_oldest_undelivered_seconds',
    help: 'Age of the oldest effect that was tried and is not delivered yet, by kind',
    labelNames: ['kind'],
  });
  const hide = (): void => {
    for (const one of [effects, oldestDue, oldestUndelivered]) one.reset();
  };
  const show = (measured: readonly Measured[]): void => {
    hide();
    for (const kind of kinds) {
      const of = measured.find((one) => one.kind === kind);
      effects.set({ kind, state: 'pending' }, of?.pending ?? 0);
      effects.set({ kind, state: 'dead' }, of?.dead ?? 0);
      oldestDue.set({ kind }, of?.oldestDueSeconds ?? 0);
      oldestUndelivered.set({ kind }, of?.oldestUndeliveredSeconds ?? 0);
    }
  };
  show([]);
  return { show, hide, count: (kind, outcome) => deliveries.inc({ kind, outcome }) };
}
