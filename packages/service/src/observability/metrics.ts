import { totalmem } from 'node:os';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { activeLogExport, type LogExport, lineOutcomes } from './log-export.ts';
import { memoryLimitBytes } from './memory-limit.ts';

export interface ServiceMetrics {
  readonly registry: Registry;
  /** Seconds a request took, by method, route (its path in the table) and status. */
  readonly requestSeconds: Histogram<'method' | 'route' | 'status'>;
}

/** The registry of one process, with what every service measures. */
export function createMetrics(): ServiceMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'process_memory_limit_bytes',
    help: 'Memory at which the container of the process is killed; 0 without a limit',
    registers: [registry],
    // A limit may change while the process runs.
    collect() {
      this.set(memoryLimitBytes(process.constrainedMemory(), totalmem()));
    },
  });
  const requestSeconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long requests took, by route of the table',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  const logExport = activeLogExport();
  if (logExport !== undefined) measureLogExport(registry, logExport);
  return { registry, requestSeconds };
}

function measureLogExport(registry: Registry, logExport: LogExport): void {
  new Counter({
    name: 'log_lines_total',
    help: 'Lines of the log for the OTLP receiver: exported, failed on the way, or dropped because too many waited',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      for (const outcome of lineOutcomes) this.inc({ outcome }, logExport.counts()[outcome]);
    },
  });
}

/** The name, help and labels of a metric. */
export interface Measure<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly Label[];
}

/** A counter of a package's own, in the registry of the process. */
export function counter<Label extends string = never>(
  { registry }: ServiceMetrics,
  measure: Measure<Label>,
): Counter<Label> {
  return new Counter({ ...measure, registers: [registry] });
}

/** A gauge of a package's own, in the registry of the process; `read` returns its value. */
export function gauge<Label extends string = never>(
  { registry }: ServiceMetrics,
  { read, ...measure }: Measure<Label> & { readonly read?: () => number },
): Gauge<Label> {
  if (read === undefined) return new Gauge({ ...measure, registers: [registry] });
  return new Gauge({
    ...measure,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

/** A histogram of a package's own, in the registry of the process. */
export function histogram<Label extends string = never>(
  { registry }: ServiceMetrics,
  { buckets, ...measure }: Measure<Label> & { readonly buckets: readonly number[] },
): Histogram<Label> {
  return new Histogram({ ...measure, buckets: [...buckets], registers: [registry] });
}

/** Measures the use of a pool of database connections, at the time of each scrape. */
export function measurePool(
  { registry }: ServiceMetrics,
  use: () => Readonly<Record<'open' | 'idle' | 'waiting', number>>,
): void {
  new Gauge({
    name: 'database_connections',
    help: 'Connections to the database that are open, of these idle, and calls that wait for one',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const [state, count] of Object.entries(use())) this.set({ state }, count);
    },
  });
}
