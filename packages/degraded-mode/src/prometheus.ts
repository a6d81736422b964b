import type { Registry } from 'prom-client';
import { Counter, type CounterConfiguration, Gauge, type GaugeConfiguration } from 'prom-client';
import type { RowBinding } from './binding.ts';
import type { DegradedMode } from './degraded-mode.ts';
import { redisName } from './dependency-name.ts';
import type { PortTable } from './port.ts';
import { measureAdmission } from './prometheus-admission.ts';

export interface MeasureOptions {
  readonly registry: Registry;
  /** Rows whose series are to be there from the start, at zero. Default: none. */
  readonly rows?: readonly RowBinding<PortTable, unknown>[];
}

/**
 * Measures a mode for Prometheus: whether it is degraded, which drills are under way, which calls a
 * bulkhead or a ramp lets through, and each fallback that answered or refused a call. A rate over the series of `rows` never begins with a
 * gap. Modes of several dependencies may share a registry.
 */
export function measureDegradedMode(
  mode: DegradedMode,
  { registry, rows = [] }: MeasureOptions,
): void {
  const ports = rows.flatMap((row) =>
    [...row.fallbacks()]
      .filter(([port]) => row.modes().get(port) === mode)
      .map(([port, fallback]) => ({ route: row.policy.route, port, fallback: fallback.kind })),
  );
  measureFlag(mode, registry);
  measureDrills(mode, registry, new Set(ports.map(({ port }) => port)));
  measureAdmission(mode, registry);
  const used = fallbackCounter(mode, registry);
  for (const port of ports) used(port, 0);
  mode.on('fallback', ({ route, port, fallback }) => used({ route, port, fallback }, 1));
}

function measureFlag({ service, dependency, availability }: DegradedMode, registry: Registry) {
  const set =
    dependency === redisName
      ? redisGauge(registry, service)
      : dependencyGauge(registry, service, dependency);
  const show = (): void => set(availability.isAvailable() ? 0 : 1);
  availability.on('changed', show);
  show();
}

function redisGauge(registry: Registry, service: string): (value: number) => void {
  const gauge = gaugeOf(registry, {
    name: 'redis_degraded_mode',
    help: 'Whether Redis is in degraded mode (1 = degraded, 0 = normal)',
    labelNames: ['service'],
  });
  return (value) => gauge.set({ service }, value);
}

function dependencyGauge(
  registry: Registry,
  service: string,
  dependency: string,
): (value: number) => void {
  const gauge = gaugeOf(registry, {
    name: 'dependency_degraded_mode',
    help: 'Whether a dependency other than Redis is in degraded mode (1 = degraded, 0 = normal)',
    labelNames: ['service', 'dependency'],
  });
  return (value) => gauge.set({ service, dependency }, value);
}

/** 1 while something is forced to be degraded: all that uses the dependency, or one port. */
function measureDrills(
  { service, dependency, availability, portDrills }: DegradedMode,
  registry: Registry,
  ports: ReadonlySet<string>,
): void {
  const drills = gaugeOf(registry, {
    name: 'degraded_mode_drill',
    help: 'Whether a drill is under way (1 = drill), by what is forced: a dependency, or one port',
    labelNames: ['service', 'target'],
  });
  const show = (target: string, value: 0 | 1) => drills.set({ service, target }, value);
  show(dependency, availability.drillEndsAt === undefined ? 0 : 1);
  for (const port of ports) show(port, portDrills.holds(port) ? 1 : 0);
  availability.on('drill', () => show(dependency, 1));
  availability.on('drillEnded', () => show(dependency, 0));
  portDrills.on('drill', ({ port }) => show(port, 1));
  portDrills.on('drillEnded', ({ port }) => show(port, 0));
}

interface UsedFallback {
  readonly route: string;
  readonly port: string;
  readonly fallback: string;
}

function fallbackCounter(
  { dependency }: DegradedMode,
  registry: Registry,
): (used: UsedFallback, by: number) => void {
  if (dependency === redisName) {
    const counter = counterOf(registry, {
      name: 'redis_fallbacks_total',
      help: 'Calls answered by a fallback or refused by one, by row, port and declared fallback',
      labelNames: ['route', 'port', 'fallback'],
    });
    return (used, by) => counter.inc({ ...used }, by);
  }
  const counter = counterOf(registry, {
    name: 'dependency_fallbacks_total',
    help: 'The same as redis_fallbacks_total, of dependencies other than Redis',
    labelNames: ['dependency', 'route', 'port', 'fallback'],
  });
  return (used, by) => counter.inc({ dependency, ...used }, by);
}

function gaugeOf<Label extends string>(
  registry: Registry,
  { name, ...rest }: GaugeConfiguration<Label>,
): Gauge<Label> {
  const known = registry.getSingleMetric(name);
  return known instanceof Gauge ? known : new Gauge({ name, ...rest, registers: [registry] });
}

function counterOf<Label extends string>(
  registry: Registry,
  { name, ...rest }: CounterConfiguration<Label>,
): Counter<Label> {
  const known = registry.getSingleMetric(name);
  return known instanceof Counter ? known : new Counter({ name, ...rest, registers: [registry] });
}
