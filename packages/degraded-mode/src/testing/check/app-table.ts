import type { Fallback } from '../../fallback.ts';

/** What a row declares for a port. */
export interface DeclaredPort {
  /** As replies name it: `hit-counter`. */
  readonly name: string;
  readonly kind: Fallback['kind'];
  /** Of a refusal. */
  readonly retryAfterSeconds?: number;
}

/** A row of the app as its table shows it. */
export interface AppRow {
  readonly route: string;
  /** Of a route; absent for a middleware. */
  readonly method?: string;
  readonly path?: string;
  /** Those that Redis backs. */
  readonly ports: readonly DeclaredPort[];
}

export interface AppTable {
  /** Whether Redis is down to the app. */
  readonly degraded: boolean;
  readonly rows: readonly AppRow[];
}

/** The table that an app serves. @throws Error if the body is none */
export function readTable(body: unknown): AppTable {
  const table = (body ?? {}) as { redis?: unknown; rows?: unknown };
  if (typeof table.redis !== 'string' || !Array.isArray(table.rows)) {
    throw new Error('the reply is no table of rows');
  }
  return { degraded: table.redis !== 'available', rows: table.rows.map(readRow) };
}

interface WrittenRow {
  readonly route: string;
  readonly ports: Readonly<Record<string, string>>;
  /** Ports of other dependencies, which no fault of Redis reaches. */
  readonly backed_by?: Readonly<Record<string, string>>;
}

function readRow({ route, ports, backed_by: others = {} }: WrittenRow): AppRow {
  const [, method, path] = /^([A-Z]+) (\/.*)$/.exec(route) ?? [];
  return {
    route,
    ...(method === undefined || path === undefined ? {} : { method, path }),
    ports: Object.entries(ports)
      .filter(([name]) => (others[name] ?? 'redis') === 'redis')
      .map(([name, text]) => ({ name, ...readFallback(text) })),
  };
}

const closed = /^fail closed( when used)? \(503, Retry-After (\d{1,9})\)$/;
const open = /^fail open: (local|durable|snapshot|skip)\b/;

/** What `describeFallback` has written. */
function readFallback(text: string): Omit<DeclaredPort, 'name'> {
  const [, , seconds] = closed.exec(text) ?? [];
  if (seconds !== undefined) return { kind: 'failClosed', retryAfterSeconds: Number(seconds) };
  const [, kind] = open.exec(text) ?? [];
  if (kind === undefined) throw new Error(`the table has an unknown fallback: ${text}`);
  return { kind: kind as Fallback['kind'] };
}
