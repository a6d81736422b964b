import { Counter, Gauge, type Registry } from 'prom-client';
import type { DegradedMode } from './degraded-mode.ts';

/** The modes with an admission that a registry shows. */
const shown = new WeakMap<Registry, DegradedMode[]>();

/**
 * Measures which calls reach a dependency while it is available: those under way and their bound,
 * the share that the ramp admits, and the calls that were shed. Nothing for a mode without either.
 */
export function measureAdmission(mode: DegradedMode, registry: Registry): void {
  if (mode.admission === undefined) return;
  const modes = shown.get(registry) ?? measureAll(registry);
  modes.push(mode);
  const { service, dependency, admission } = mode;
  const shed = shedCounter(registry);
  if (admission.bulkhead) shed.inc({ service, dependency, reason: 'bulkhead' }, 0);
  if (admission.ramp) shed.inc({ service, dependency, reason: 'ramp' }, 0);
  mode.on('shed', (reason) => shed.inc({ service, dependency, reason }));
}

/** Read at each scrape: a call that begins or ends is no event. */
function measureAll(registry: Registry): DegradedMode[] {
  const modes: DegradedMode[] = [];
  shown.set(registry, modes);
  const labelNames = ['service', 'dependency'] as const;
  const gauge = (
    name: string,
    help: string,
    read: (admission: NonNullable<DegradedMode['admission']>) => number | undefined,
  ) =>
    new Gauge({
      ...{ name, help, labelNames, registers: [registry] },
      collect() {
        for (const { service, dependency, admission } of modes) {
          const value = admission && read(admission);
          if (value !== undefined) this.set({ service, dependency }, value);
        }
      },
    });
  gauge(
    'dependency_calls_under_way',
    'Calls of a dependency that are under way, where their number is bounded',
    ({ bulkhead }) => bulkhead?.underWay,
  );
  gauge(
    'dependency_calls_under_way_max',
    'The bound on the calls of a dependency that are under way',
    ({ bulkhead }) => bulkhead?.maxCalls,
  );
  gauge(
    'dependency_admitted_share',
    'Share of calls that reach a dependency after an outage, from 0.1 to 1',
    ({ ramp }) => ramp?.share,
  );
  return modes;
}

function shedCounter(registry: Registry): Counter<'service' | 'dependency' | 'reason'> {
  const name = 'dependency_calls_shed_total';
  const known = registry.getSingleMetric(name);
  if (known instanceof Counter) return known;
  return new Counter({
    name,
    help: 'Calls that did not reach a dependency that was up, by reason (bulkhead or ramp)',
    labelNames: ['service', 'dependency', 'reason'],
    registers: [registry],
  });
}
