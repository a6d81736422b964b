import { counter, histogram, type ServiceMetrics } from './observability/metrics.ts';

/** Why an item was refused: too many wait, or its batch would begin too late. */
const refusals = ['full', 'late'] as const;

/** What a batcher counts. */
export interface BatchMeasures {
  /** A batch begins, with so many items. */
  began(items: number): void;
  refused(reason: (typeof refusals)[number]): void;
}

/** The metrics of all batchers of a process; each has a name. */
export function createBatchMetrics(metrics: ServiceMetrics): (batch: string) => BatchMeasures {
  const sizes = histogram<'batch'>(metrics, {
    name: 'batch_items',
    help: 'Calls that shared a transaction, by kind of batch',
    labelNames: ['batch'],
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
  });
  const refused = counter<'batch' | 'reason'>(metrics, {
    name: 'batch_refusals_total',
    help: 'Calls refused before their batch began: too many wait (full), or for too long (late)',
    labelNames: ['batch', 'reason'],
  });
  return (batch) => {
    sizes.zero({ batch });
    for (const reason of refusals) refused.inc({ batch, reason }, 0);
    return {
      began: (items) => sizes.observe({ batch }, items),
      refused: (reason) => refused.inc({ batch, reason }),
    };
  };
}
