import { counter, type ServiceMetrics } from '@secureconnect/service';

export interface TailMetrics {
  looked(result: 'ok' | 'failed'): void;
  /** An event was delivered that the bus had not brought. */
  brought(): void;
}

/** What is measured of the tail of the message store. */
export function createTailMetrics(metrics: ServiceMetrics): TailMetrics {
  const looks = counter(metrics, {
    name: 'chat_store_tail_looks_total',
    help: 'How often the store was read for what other instances stored, by result',
    labelNames: ['result'],
  });
  const brought = counter(metrics, {
    name: 'chat_store_tail_deliveries_total',
    help: 'Events that came to sockets out of the store, as the bus had not brought them',
  });
  for (const result of ['ok', 'failed'] as const) looks.inc({ result }, 0);
  return { looked: (result) => looks.inc({ result }), brought: () => brought.inc() };
}
