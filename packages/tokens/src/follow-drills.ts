import type { DegradedMode } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import { type Logger, repeatEvery } from '@secureconnect/service';

export interface FollowedDrills {
  /** As the request for a drill names it: `chat`. */
  readonly service: string;
  /** This process. */
  readonly instance: string;
  readonly database: Database;
  /** The mode of each dependency, by its name. */
  readonly modes: Readonly<Record<string, DegradedMode>>;
  readonly log: Logger;
  /** Default 1000. */
  readonly intervalMs?: number;
}

interface WantedDrill {
  readonly drill_id: string;
  readonly dependency: string;
  readonly port: string | null;
  readonly seconds_left: number;
}

interface Running {
  readonly drillId: string;
  end(): void;
}

const defaultIntervalMs = 1000;

/**
 * Joins the drills that SQL has for this process, and leaves each one when it is over: SQL is the
 * truth, so an instance that starts during a drill joins it too. While SQL is down, a drill still
 * ends by itself at its time. A process whose dependency is really down joins when it is back.
 * Returns what stops it (docs/adr/0043).
 */
export function followDrills(options: FollowedDrills): () => Promise<void> {
  const { database, service, instance, log, intervalMs = defaultIntervalMs } = options;
  let running: Running | undefined;
  const run = async (): Promise<void> => {
    const [wanted] = await database.query<WantedDrill>(
      `SELECT drill_id, dependency, port, seconds_left FROM auth.current_drills
       WHERE $1 = ANY(services) AND (instance IS NULL OR instance = $2)
       ORDER BY drill_id LIMIT 1`,
      [service, instance],
    );
    if (running?.drillId === wanted?.drill_id) return;
    running?.end();
    running = wanted === undefined ? undefined : begun(wanted, options);
  };
  return repeatEvery({ intervalMs, what: 'following drills', log, run });
}

/** Begins a drill here; undefined if it cannot begin yet. */
function begun(wanted: WantedDrill, { modes, log }: FollowedDrills): Running | undefined {
  const { drill_id: drillId, dependency, port, seconds_left: seconds } = wanted;
  const mode = modes[dependency];
  if (mode === undefined || seconds <= 0) return { drillId, end: () => undefined };
  if (!mode.isAvailable()) return undefined;
  log.warn({ drill_id: drillId, dependency, port, seconds: Math.ceil(seconds) }, 'drill begins');
  if (port === null) {
    mode.availability.beginDrill(seconds);
    return { drillId, end: () => mode.availability.endDrill() };
  }
  const name = camelCase(port);
  mode.portDrills.begin(name, seconds);
  return { drillId, end: () => mode.portDrills.end(name) };
}

/** The name of a port in the code: `rate-limit` becomes `rateLimit`. */
function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
