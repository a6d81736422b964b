import { counter, gauge, type ServiceMetrics } from '@secureconnect/service';

/** The reasons for refused deliveries. */
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
 * The metrics of the alert ingest, in addition to `http_request_duration_seconds`. All series start
 * at zero, so that a rate has no gap.
 */
export function createSignalMetrics(metrics: ServiceMetrics) {
  const count = (name: string, help: string) => counter(metrics, { name, help });
  const rejected = counter<'reason'>(metrics, {
    name: 'gateway_requests_rejected_total',
    help: 'Refused deliveries of signals, by reason',
    labelNames: ['reason'],
  });
  for (const reason of rejections) rejected.inc({ reason }, 0);
  return {
    received: count('gateway_alerts_received_total', 'Well-formed signals received'),
    deduplicated: count(
      'gateway_alerts_deduplicated_total',
      'Signals that already had an active remediation request',
    ),
    duplicatesPrevented: count(
      'gateway_duplicate_crds_prevented_total',
      'Duplicate remediation requests prevented by the store when Redis knew of none',
    ),
    storms: count('gateway_alert_storms_detected_total', 'Storms detected'),
    created: count('gateway_crds_created_total', 'Remediation requests created'),
    creationErrors: count(
      'gateway_crd_creation_errors_total',
      'Signals that could not be stored as remediation requests',
    ),
    rejected,
    consecutive503: gauge(metrics, {
      name: 'gateway_consecutive_503_responses',
      help: 'Consecutive deliveries answered 503',
    }),
  };
}

export type SignalMetrics = ReturnType<typeof createSignalMetrics>;
