import type { AvailabilityState } from './availability.ts';
import type { RowBinding, RowMode } from './binding.ts';
import type { DegradedMode } from './degraded-mode.ts';
import { type BySetting, choicesOf, type Declared, defaultFallback } from './fallback.ts';
import { kebabCase } from './fallbacks-used.ts';
import type { PortTable } from './port.ts';
import type { RoutePolicy } from './route-policy.ts';

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
}

export interface LiveTable {
  readonly service: string;
  readonly redis: AvailabilityState | 'not_used';
  readonly degraded: boolean;
  readonly reason?: string;
  /** When the drill under way ends by itself (ISO 8601). */
  readonly drill_ends_at?: string;
  /** The ports in a drill of their own, each with when that ends by itself (ISO 8601). */
  readonly port_drills?: Readonly<Record<string, string>>;
  readonly rows: readonly LiveRow[];
}

/**
 * The rows of a service with their current mode, for `GET /v1/degraded`; without a mode, the
 * service uses no Redis.
 */
export function liveTable<P extends PortTable>(
  service: string,
  mode: DegradedMode | undefined,
  bindings: readonly RowBinding<P, unknown>[],
): LiveTable {
  const degraded = mode !== undefined && !mode.isAvailable();
  const reason = mode?.availability.reason;
  const drillEndsAt = mode?.availability.drillEndsAt;
  return {
    service,
    redis: mode === undefined ? 'not_used' : mode.availability.state,
    degraded,
    ...(reason === undefined ? {} : { reason }),
    ...(drillEndsAt === undefined ? {} : { drill_ends_at: drillEndsAt.toISOString() }),
    ...portDrills(mode),
    rows: bindings.map(liveRow),
  };
}

function portDrills(mode: DegradedMode | undefined): Pick<LiveTable, 'port_drills'> {
  if (mode === undefined || !mode.portDrills.any) return {};
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
  const { route, operation } = binding.policy;
  return { route, operation, mode: binding.rowMode(), ports };
}

/** The declared rows of a service as a Markdown table, for the generated docs. */
export function markdownTable(rows: readonly RoutePolicy[]): string {
  const lines = rows.map((row) => {
    const ports = Object.entries(row.whenRedisDown).map(
      ([port, declared]) => `${kebabCase(port)}: ${describeFallback(declared)}`,
    );
    return `| \`${row.route}\` | ${ports.length > 0 ? ports.join('<br>') : '–'} |`;
  });
  return ['| route | when Redis is down |', '|---|---|', ...lines].join('\n');
}
