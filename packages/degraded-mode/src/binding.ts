import { boundPortClass, isOutdated, refuse, strictRetryAfterSeconds } from './bound-port.ts';
import type { DegradedMode } from './degraded-mode.ts';
import { redisName } from './dependency-name.ts';
import { type Fallback, resolveFallback } from './fallback.ts';
import { FallbacksUsed } from './fallbacks-used.ts';
import { checkPort } from './methods.ts';
import { dependencyOf, type Port, type PortsOf, type PortTable } from './port.ts';
import { declaredFallbacks, type RoutePolicy } from './route-policy.ts';

/** The mode of a row for requests. */
export type RowMode = 'normal' | 'fail_closed' | 'fail_open';

/** One use of a row. */
export interface BoundUse<Ports> {
  readonly ports: Ports;
  /** The fallbacks that the ports have used so far. */
  readonly fallbacksUsed: FallbacksUsed;
}

interface BoundPort {
  readonly name: string;
  readonly port: Port;
  /** Of the dependency that backs it. */
  readonly mode: DegradedMode;
  readonly fallback: Fallback;
  readonly create: new (fallbacksUsed: FallbacksUsed) => object;
}

/**
 * Binds the ports of one row to their fallbacks. Created once per row; `begin` creates one small
 * object per request, whose ports are created when the handler reads them.
 */
export class RowBinding<P extends PortTable, W> {
  readonly policy: RoutePolicy;
  readonly #ports: readonly BoundPort[];
  readonly #failClosed: readonly BoundPort[];
  readonly #requestPorts: new (
    fallbacksUsed: FallbacksUsed,
  ) => object;

  /**
   * Throws if the row names an unknown port or fallback, even if the types did not catch it.
   * @param mode of Redis; its settings are those of all ports
   */
  constructor(policy: RoutePolicy, ports: P, mode: DegradedMode) {
    this.policy = policy;
    this.#ports = Object.entries(declaredFallbacks(policy)).map(([name, declared]) => {
      const port = ports[name];
      if (port === undefined) throw new Error(`${policy.route} names the unknown port ${name}`);
      checkPort(policy.route, name, port, declared);
      const fallback = mode.fallbackEnabled
        ? resolveFallback(declared, mode.settings)
        : ({ kind: 'failClosed', retryAfterSeconds: strictRetryAfterSeconds } as const);
      const backing = dependencyOf(port);
      checkBacking(policy, name, backing);
      const own = backing ?? mode;
      const create = boundPortClass(policy, name, port, fallback, own);
      return { name, port, mode: own, fallback, create };
    });
    this.#failClosed = this.#ports.filter((port) => refusesEarly(port.fallback));
    this.#requestPorts = requestPortsClass(this.#ports);
  }

  /** The fallbacks in force, by port. */
  fallbacks(): ReadonlyMap<string, Fallback> {
    return new Map(this.#ports.map((port) => [port.name, port.fallback]));
  }

  /** The modes of the dependencies that back the ports, by port. */
  modes(): ReadonlyMap<string, DegradedMode> {
    return new Map(this.#ports.map(({ name, mode }) => [name, mode]));
  }

  /**
   * Begins a request, a frame or a job: its ports, and the record of fallbacks used, which several
   * rows of one request can share.
   */
  begin(fallbacksUsed = new FallbacksUsed()): BoundUse<PortsOf<P, W>> {
    return { fallbacksUsed, ports: new this.#requestPorts(fallbacksUsed) as PortsOf<P, W> };
  }

  /**
   * Runs before the handler. Throws the refusal of a row with a fail-closed port whose dependency is
   * down; ports that are refused only when used do not count.
   */
  requireOpen(): void {
    for (const { name, fallback, mode } of this.#failClosed) {
      if (!mode.canUse(name)) throw refuse(this.policy, name, fallback, mode);
    }
  }

  /** The current mode of this row; an outdated snapshot counts as closed. */
  rowMode(): RowMode {
    const away = this.#ports.filter(({ name, mode }) => !mode.canUse(name));
    if (away.length === 0) return 'normal';
    const closed = away.some(
      ({ port, fallback }) => refusesEarly(fallback) || isOutdated(port, fallback),
    );
    return closed ? 'fail_closed' : 'fail_open';
  }
}

/** Throws if a row says of a port that a different dependency backs it. */
function checkBacking(
  { route, whenDown, backedBy }: RoutePolicy,
  port: string,
  backing: DegradedMode | undefined,
): void {
  const dependency = backing?.dependency ?? redisName;
  const isAmongOthers = whenDown !== undefined && Object.hasOwn(whenDown, port);
  const said = isAmongOthers ? (backedBy?.[port] ?? dependency) : redisName;
  if (said === dependency) return;
  throw new Error(`${route}: the port ${port} is backed by ${dependency}, not by ${said}`);
}

function refusesEarly(fallback: Fallback): boolean {
  return fallback.kind === 'failClosed' && fallback.checkedAt !== 'call';
}

/** Creates the class of a row's requests, with a getter per port. */
function requestPortsClass(
  ports: readonly BoundPort[],
): new (
  fallbacksUsed: FallbacksUsed,
) => object {
  class RequestPorts {
    readonly #fallbacksUsed: FallbacksUsed;
    constructor(fallbacksUsed: FallbacksUsed) {
      this.#fallbacksUsed = fallbacksUsed;
    }
    static port(requestPorts: RequestPorts, port: BoundPort): object {
      return new port.create(requestPorts.#fallbacksUsed);
    }
  }
  for (const port of ports) {
    Object.defineProperty(RequestPorts.prototype, port.name, {
      get(this: RequestPorts) {
        return RequestPorts.port(this, port);
      },
    });
  }
  return RequestPorts;
}
