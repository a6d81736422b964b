import type { AvailabilityState } from './availability.ts';
import type { RowBinding } from './binding.ts';
import type { DegradedMode } from './degraded-mode.ts';
import type { Declared, Fallback } from './fallback.ts';
import { kebabCase } from './outcomes.ts';
import type { PortTable } from './port.ts';
import type { Row } from './row.ts';

/** A fallback as it stands in `GET /v1/degraded` and in the docs. */
export function describeFallback(declared: Declared): string {
  switch (declared.kind) {
    case 'failClosed':
      return `fail closed (503, Retry-After ${declared.retryAfterSeconds})`;
    case 'snapshot':
      return `fail open: snapshot (at most ${declared.maxStalenessSeconds} s old)`;
    case 'local':
    case 'durable':
    case 'skip':
      return `fail open: ${declared.kind}`;
    case 'bySetting':
      return `${describeFallback(declared.off)}; with ${declared.setting}=true ${describeFallback(declared.on)}`;
  }
}

export interface LiveRow {
  readonly route: string;
  readonly operation: string;
  /** What a request to this row meets now. */
  readonly mode: 'as_usual' | 'fail_closed' | 'fail_open';
  readonly ports: Readonly<Record<string, string>>;
}

export interface LiveTable {
  readonly service: string;
  readonly redis: AvailabilityState | 'not_used';
  readonly degraded: boolean;
  readonly reason?: string;
  readonly rows: readonly LiveRow[];
}

/** The rows of a service with their present mode, for `GET /v1/degraded`; no mode, no Redis. */
export function liveTable<P extends PortTable>(
  service: string,
  mode: DegradedMode | undefined,
  bindings: readonly RowBinding<P, unknown>[],
): LiveTable {
  const degraded = mode !== undefined && !mode.isAvailable();
  const reason = degraded ? mode.availability.lastReason : undefined;
  return {
    service,
    redis: mode === undefined ? 'not_used' : mode.availability.state,
    degraded,
    ...(reason === undefined ? {} : { reason }),
    rows: bindings.map((binding) => liveRow(binding, degraded)),
  };
}

function liveRow<P extends PortTable>(binding: RowBinding<P, unknown>, degraded: boolean): LiveRow {
  const fallbacks = binding.fallbacks();
  const ports = Object.fromEntries(
    [...fallbacks].map(([port, fallback]) => [kebabCase(port), describeFallback(fallback)]),
  );
  const { route, operation } = binding.row;
  return { route, operation, mode: rowMode([...fallbacks.values()], degraded), ports };
}

function rowMode(fallbacks: readonly Fallback[], degraded: boolean): LiveRow['mode'] {
  if (!degraded || fallbacks.length === 0) return 'as_usual';
  return fallbacks.some((fallback) => fallback.kind === 'failClosed') ? 'fail_closed' : 'fail_open';
}

/** The declared rows of a service as a Markdown table, for the generated docs. */
export function markdownTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const ports = Object.entries(row.whenRedisDown).map(
      ([port, declared]) => `${kebabCase(port)}: ${describeFallback(declared)}`,
    );
    return `| \`${row.route}\` | ${ports.length > 0 ? ports.join('<br>') : '–'} |`;
  });
  return ['| route | when Redis is down |', '|---|---|', ...lines].join('\n');
}
