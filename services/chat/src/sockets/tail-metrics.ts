import { counter, type ServiceMetrics } from '@secureconnect/service';

export interface TailMetrics {
  looked(result: 'ok' | 'failed'): void;
  /** An event was delivered that the bus had not brought. */
  brought(): void;
  /** The notices of calls were read, or could not be. */
  lookedForNotices(result: 'ok' | 'failed'): void;
  /** A notice of a call was delivered that the bus had not brought. */
  broughtNotice(): void;
}

/** The metrics of the tails of the message store and of the notices of calls. */
export function createTailMetrics(metrics: ServiceMetrics): TailMetrics {
  const looks = counter(metrics, {
    name: 'chat_store_tail_looks_total',
    help: 'Reads of the message store for missed events, by result',
    labelNames: ['result'],
  });
  const brought = counter(metrics, {
    name: 'chat_store_tail_deliveries_total',
    help: 'Events delivered from the message store because the bus had not delivered them',
  });
  const notices = counter(metrics, {
    name: 'chat_call_notices_from_store_total',
    help: 'Notices of calls delivered from the database because the bus had not delivered them',
  });
  const callLooks = counter(metrics, {
    name: 'chat_call_tail_looks_total',
    help: 'Reads of the notices of calls that the bus may have missed, by result',
    labelNames: ['result'],
  });
  for (const result of ['ok', 'failed'] as const) {
    looks.inc({ result }, 0);
    callLooks.inc({ result }, 0);
  }
  return {
    looked: (result) => looks.inc({ result }),
    brought: () => brought.inc(),
    lookedForNotices: (result) => callLooks.inc({ result }),
    broughtNotice: () => notices.inc(),
  };
}
