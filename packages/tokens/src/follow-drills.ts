import type { DegradedMode } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import { type Logger, newInstanceId, repeatEvery, type ServiceDeps } from '@secureconnect/service';

interface FollowedDrills {
  /** As the request for a drill names it: `chat`. */
  readonly service: string;
  /** This process. */
  readonly instance: string;
  readonly database: Database;
  /** Of its dependencies. */
  readonly modes: readonly DegradedMode[];
  readonly log: Logger;
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

const intervalMs = 1000;

interface DrillsDeps {
  /** As in logs and metrics: `chat-service`. */
  readonly name: string;
  readonly database: Database;
  readonly log: Logger;
}

/** What a service needs to take part in drills: an id of this process, and the following of them. */
export function drillsOf({
  name,
  database,
  log,
}: DrillsDeps): Required<Pick<ServiceDeps<unknown>, 'instance' | 'followDrills'>> {
  const instance = newInstanceId();
  const service = name.replace(/^api-|-service$/, '');
  return {
    instance,
    followDrills: (modes) => followDrills({ service, instance, database, modes, log }),
  };
}

/**
 * Joins the drills that SQL has for this process, and leaves each one when it is over: SQL is the
 * truth, so an instance that starts during a drill joins it too. While SQL is down, a drill still
 * ends by itself at its time. A process whose dependency is really down joins when it is back.
 * Returns what stops it (docs/adr/0043).
 */
function followDrills(options: FollowedDrills): () => Promise<void> {
  const { database, service, instance, modes, log } = options;
  for (const mode of modes) logEnds(mode, log);
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
  const mode = modes.find((one) => one.dependency === dependency);
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

/** Also of those that end by themselves. */
function logEnds({ dependency, availability, portDrills }: DegradedMode, log: Logger): void {
  availability.on('drillEnded', () => log.warn({ dependency }, 'drill ended'));
  portDrills.on('drillEnded', ({ port }) => log.warn({ dependency, port }, 'drill ended'));
}

/** The name of a port in the code: `rate-limit` becomes `rateLimit`. */
function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
