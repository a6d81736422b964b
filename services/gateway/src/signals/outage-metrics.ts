import type { DegradedMode } from '@secureconnect/degraded-mode';
import { counter, gauge, type ServiceMetrics } from '@secureconnect/service';

/** The metrics of Redis outages, as the ingest sees them. */
export function measureOutages(metrics: ServiceMetrics, { availability }: DegradedMode): void {
  const available = gauge(metrics, {
    name: 'gateway_redis_available',
    help: 'Whether the gateway can use Redis (1 = yes, 0 = no)',
  });
  const outages = counter(metrics, {
    name: 'gateway_redis_outage_count',
    help: 'Redis outages, the current one included',
  });
  const seconds = counter(metrics, {
    name: 'gateway_redis_outage_duration_seconds_total',
    help: 'Seconds of finished Redis outages',
  });
  availability.on('changed', () => available.set(availability.isAvailable() ? 1 : 0));
  availability.on('entered', () => outages.inc());
  availability.on('recovered', ({ durationMs }) => seconds.inc(durationMs / 1000));
  available.set(availability.isAvailable() ? 1 : 0);
}
