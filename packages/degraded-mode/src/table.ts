import type { AvailabilityState } from './availability.ts';
import type { RowBinding, RowMode } from './binding.ts';
import type { BreakerState } from './breaker-state.ts';
import type { DegradedMode } from './degraded-mode.ts';
import { nameInProse, redisName } from './dependency-name.ts';
import { type BySetting, choicesOf, type Declared, defaultFallback } from './fallback.ts';
import { kebabCase } from './fallbacks-used.ts';
import type { PortTable } from './port.ts';
import { declaredFallbacks, type RoutePolicy } from './route-policy.ts';

/** A fallback as text for `GET /v1/degraded` and the docs. */
export function describeFallback(declared: Declared): string {
  switch (declared.kind) {
    case 'failClosed': {
      const when = declared.checkedAt === 'call' ? ' when used' : '';
      return `fail closed${when} (503, Retry-After ${declared.retryAfterSeconds})`;
    }
    case 'snapshot':
      return `fail open: snapshot (at most ${declared.maxStalenessSeconds} s old)`;
    case 'local':
    case 'durable':
    case 'skip':
      return `fail open: ${declared.kind}`;
    case 'bySetting':
      return describeChoices(declared);
  }
}

/** The fallback of the default value, then the others with the values for which they are. */
function describeChoices(declared: BySetting): string {
  const byDefault = describeFallback(defaultFallback(declared));
  const others = choicesOf(declared)
    .map(([value, one]) => [value, describeFallback(one)] as const)
    .filter(([, text]) => text !== byDefault)
    .map(([value, text]) => `with ${declared.setting}=${value} ${text}`);
  return [byDefault, ...others].join('; ');
}

export interface LiveRow {
  readonly route: string;
  readonly operation: string;
  /** The current mode of this row. */
  readonly mode: RowMode;
  readonly ports: Readonly<Record<string, string>>;
  /** The dependency of each port that Redis does not back; absent if there is none. */
  readonly backed_by?: Readonly<Record<string, string>>;
  /** How often each port's fallback answered or refused since the process began; absent if never. */
  readonly used?: Readonly<Record<string, number>>;
}

/** A dependency other than Redis. */
export interface LiveDependency {
  readonly state: AvailabilityState;
  readonly breaker: BreakerState;
  readonly degraded: boolean;
  readonly reason?: string;
  /** When the outage began (ISO 8601). */
  readonly since?: string;
  /** When the drill under way ends by itself (ISO 8601). */
  readonly drill_ends_at?: string;
  /** The ports in a drill of their own, each with when that ends by itself (ISO 8601). */
  readonly port_drills?: Readonly<Record<string, string>>;
  /** The calls under way, and their maximum, if there is one. */
  readonly calls?: { readonly under_way: number; readonly max: number };
  /** The share of calls that reach it, below 1 while the load is raised after an outage. */
  readonly admitted_share?: number;
}

export interface LiveTable {
  readonly service: string;
  readonly redis: AvailabilityState | 'not_used';
  /** Whether any dependency is degraded. */
  readonly degraded: boolean;
  /** Of Redis. */
  readonly reason?: string;
  /** When the outage of Redis began (ISO 8601). */
  readonly since?: string;
  /** When the drill under way ends by itself (ISO 8601). */
  readonly drill_ends_at?: string;
  /** The ports in a drill of their own, each with when that ends by itself (ISO 8601). */
  readonly port_drills?: Readonly<Record<string, string>>;
  /** The dependencies other than Redis, by name; absent if there is none. */
  readonly dependencies?: Readonly<Record<string, LiveDependency>>;
  readonly rows: readonly LiveRow[];
}

/**
 * The rows of a service with their current mode, for `GET /v1/degraded`.
 * @param mode without one, or with that of a different dependency, the service uses no Redis
 */
export function liveTable<P extends PortTable>(
  service: string,
  mode: DegradedMode | undefined,
  bindings: readonly RowBinding<P, unknown>[],
): LiveTable {
  const dependencies = Object.fromEntries(
    modesOf(bindings)
      .filter(({ dependency }) => dependency !== redisName)
      .map((one) => [one.dependency, liveDependency(one)]),
  );
  const redis = mode?.dependency === redisName ? mode : undefined;
  const isUsed = Object.keys(dependencies).length > 0;
  const isAnyDown = Object.values(dependencies).some(({ degraded }) => degraded);
  return {
    service,
    redis: redis === undefined ? 'not_used' : redis.availability.state,
    degraded: (redis !== undefined && !redis.isAvailable()) || isAnyDown,
    ...(redis === undefined ? {} : whyDown(redis)),
    ...(isUsed ? { dependencies } : {}),
    rows: bindings.map(liveRow),
  };
}

/** The modes of all dependencies that back a port of these rows. */
export function modesOf<P extends PortTable>(
  bindings: readonly RowBinding<P, unknown>[],
): readonly DegradedMode[] {
  return [...new Set(bindings.flatMap((binding) => [...binding.modes().values()]))];
}

type WhyDown = Pick<LiveTable, 'reason' | 'since' | 'drill_ends_at' | 'port_drills'>;

function whyDown(mode: DegradedMode): WhyDown {
  const { downSince, reason, drillEndsAt } = mode.availability;
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(downSince === undefined ? {} : { since: downSince.toISOString() }),
    ...(drillEndsAt === undefined ? {} : { drill_ends_at: drillEndsAt.toISOString() }),
    ...portDrills(mode),
  };
}

function liveDependency(mode: DegradedMode): LiveDependency {
  const { bulkhead, ramp } = mode.admission ?? {};
  return {
    state: mode.availability.state,
    breaker: mode.breaker,
    degraded: !mode.isAvailable(),
    ...whyDown(mode),
    ...(bulkhead && { calls: { under_way: bulkhead.underWay, max: bulkhead.maxCalls } }),
    ...(ramp && { admitted_share: Math.round(ramp.share * 100) / 100 }),
  };
}

function portDrills(mode: DegradedMode): Pick<LiveTable, 'port_drills'> {
  if (!mode.portDrills.any) return {};
  const endings = mode.portDrills
    .list()
    .map(({ port, endsAt }) => [kebabCase(port), endsAt.toISOString()]);
  return { port_drills: Object.fromEntries(endings) };
}

function liveRow<P extends PortTable>(binding: RowBinding<P, unknown>): LiveRow {
  const ports = Object.fromEntries(
    [...binding.fallbacks()].map(([port, fallback]) => [
      kebabCase(port),
      describeFallback(fallback),
    ]),
  );
  const others = [...binding.modes()].filter(([, { dependency }]) => dependency !== redisName);
  const backedBy = others.map(([port, { dependency }]) => [kebabCase(port), dependency] as const);
  const { route, operation } = binding.policy;
  const used = [...binding.modes()]
    .map(([port, mode]) => [kebabCase(port), mode.fallbackCounts.of(route, port)] as const)
    .filter(([, count]) => count > 0);
  return {
    ...{ route, operation, mode: binding.rowMode(), ports },
    ...(backedBy.length === 0 ? {} : { backed_by: Object.fromEntries(backedBy) }),
    ...(used.length === 0 ? {} : { used: Object.fromEntries(used) }),
  };
}

/** A port with its fallback for the docs, and the dependency that backs it, if that is known. */
export function describePort(policy: RoutePolicy, port: string, declared: Declared): string {
  const by = policy.backedBy?.[port];
  const of = by === undefined ? '' : ` (${nameInProse(by)})`;
  return `${kebabCase(port)}${of}: ${describeFallback(declared)}`;
}

/** The declared rows of a service as a Markdown table, for the generated docs. */
export function markdownTable(rows: readonly RoutePolicy[]): string {
  const isRedisAlone = rows.every(({ whenDown }) => whenDown === undefined);
  const lines = rows.map((row) => {
    const ports = Object.entries(declaredFallbacks(row)).map(([port, declared]) =>
      describePort(row, port, declared),
    );
    return `| \`${row.route}\` | ${ports.length > 0 ? ports.join('<br>') : '–'} |`;
  });
  const what = isRedisAlone ? 'Redis' : 'a dependency';
  return [`| route | when ${what} is down |`, '|---|---|', ...lines].join('\n');
}
