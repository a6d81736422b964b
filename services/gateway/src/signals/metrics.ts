import { counter, gauge, type ServiceMetrics } from '@secureconnect/service';

/** Why a delivery was not taken. */
export const rejections = [
  'redis_unavailable',
  'store_unavailable',
  'reservation_held',
  'unauthorized',
  'malformed',
  'too_large',
  'unsupported_media_type',
  'other',
] as const;
export type Rejection = (typeof rejections)[number];

/**
 * What the alert ingest measures, beside `http_request_duration_seconds`. Everything stands at zero
 * from the start, so a rate over it never begins with a gap.
 */
export function createSignalMetrics(metrics: ServiceMetrics) {
  const count = (name: string, help: string) => counter(metrics, { name, help });
  const rejected = counter<'reason'>(metrics, {
    name: 'gateway_requests_rejected_total',
    help: 'Deliveries of signals that were refused, by reason',
    labelNames: ['reason'],
  });
  for (const reason of rejections) rejected.inc({ reason }, 0);
  return {
    received: count('gateway_alerts_received_total', 'Well-formed signals that were delivered'),
    deduplicated: count(
      'gateway_alerts_deduplicated_total',
      'Signals that had an active remediation request already',
    ),
    duplicatesPrevented: count(
      'gateway_duplicate_crds_prevented_total',
      'Requests that only the store has kept from being made twice: Redis knew of none',
    ),
    storms: count('gateway_alert_storms_detected_total', 'Storms that began'),
    created: count('gateway_crds_created_total', 'Remediation requests that were made'),
    creationErrors: count(
      'gateway_crd_creation_errors_total',
      'Signals that the store of remediation requests could not take',
    ),
    rejected,
    consecutive503: gauge(metrics, {
      name: 'gateway_consecutive_503_responses',
      help: 'Deliveries answered 503 since the last one that was not',
    }),
  };
}

export type SignalMetrics = ReturnType<typeof createSignalMetrics>;
