import { gauge, type ServiceMetrics } from '@secureconnect/service';

/**
 * Measures whether this process hears its own messages; the result is to be called with what the
 * probes find. A silent bus is told apart from a Redis that is down: there nothing is known.
 */
export function measureBus(metrics: ServiceMetrics, service: string): (heard: boolean) => void {
  const silent = gauge(metrics, {
    name: 'redis_bus_silent',
    help: 'Whether messages that Redis took have not come back to this process (1 = silent)',
    labelNames: ['service'],
  });
  silent.set({ service }, 0);
  return (heard) => silent.set({ service }, heard ? 0 : 1);
}
