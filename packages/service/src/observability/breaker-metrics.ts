import { type DegradedMode, redisName } from '@secureconnect/degraded-mode';
import { Gauge } from 'prom-client';
import type { ServiceMetrics } from './metrics.ts';

/** The values of the gauge. */
const breakerStates = { closed: 0, half_open: 1, open: 2 } as const;

/** Shows the breakers of dependencies other than Redis by name; nothing where there is none. */
export function measureBreakers({ registry }: ServiceMetrics, all: readonly DegradedMode[]): void {
  const modes = all.filter(({ dependency }) => dependency !== redisName);
  if (modes.length === 0) return;
  new Gauge({
    name: 'dependency_breaker_state',
    help: 'State of the breaker of a dependency (0 = closed, 1 = half open, 2 = open)',
    labelNames: ['service', 'dependency'],
    registers: [registry],
    // Read at each scrape: not every change of a breaker is an event.
    collect() {
      for (const { service, dependency, breaker } of modes) {
        this.set({ service, dependency }, breakerStates[breaker]);
      }
    },
  });
}
