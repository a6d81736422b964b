import { boundPortClass, isOutdated, refuse, strictRetryAfterSeconds } from './bound-port.ts';
import type { DegradedMode } from './degraded-mode.ts';
import { type Fallback, resolveFallback } from './fallback.ts';
import { FallbacksUsed } from './fallbacks-used.ts';
import { checkPort } from './methods.ts';
import type { Port, PortsOf, PortTable } from './port.ts';
import type { RoutePolicy } from './route-policy.ts';

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
  readonly fallback: Fallback;
  readonly create: new (fallbacksUsed: FallbacksUsed) => object;
}

/**
 * Binds the ports of one row to their fallbacks. Created once per row; `begin` creates one small
 * object per request, whose ports are created when the handler reads them.
 */
export class RowBinding<P extends PortTable, W> {
  readonly policy: RoutePolicy;
  readonly #mode: DegradedMode;
  readonly #ports: readonly BoundPort[];
  readonly #failClosed: readonly BoundPort[];
  readonly #requestPorts: new (
    fallbacksUsed: FallbacksUsed,
  ) => object;

  /** Throws if the row names an unknown port or fallback, even if the types did not catch it. */
  constructor(policy: RoutePolicy, ports: P, mode: DegradedMode) {
    this.policy = policy;
    this.#mode = mode;
    this.#ports = Object.entries(policy.whenRedisDown).map(([name, declared]) => {
      const port = ports[name];
      if (port === undefined) throw new Error(`${policy.route} names the unknown port ${name}`);
      checkPort(policy.route, name, port, declared);
      const fallback = mode.fallbackEnabled
        ? resolveFallback(declared, mode.settings)
        : ({ kind: 'failClosed', retryAfterSeconds: strictRetryAfterSeconds } as const);
      return { name, port, fallback, create: boundPortClass(policy, name, port, fallback, mode) };
    });
    this.#failClosed = this.#ports.filter((port) => refusesEarly(port.fallback));
    this.#requestPorts = requestPortsClass(this.#ports);
  }

  /** The fallbacks in force, by port. */
  fallbacks(): ReadonlyMap<string, Fallback> {
    return new Map(this.#ports.map((port) => [port.name, port.fallback]));
  }

  /**
   * Begins a request, a frame or a job: its ports, and the record of fallbacks used, which several
   * rows of one request can share.
   */
  begin(fallbacksUsed = new FallbacksUsed()): BoundUse<PortsOf<P, W>> {
    return { fallbacksUsed, ports: new this.#requestPorts(fallbacksUsed) as PortsOf<P, W> };
  }

  /**
   * Runs before the handler. While Redis is down, it throws the refusal of a row with a fail-closed
   * port; ports that are refused only when used do not count.
   */
  requireOpen(): void {
    if (this.#failClosed.length === 0 || this.#isUsual()) return;
    const port = this.#failClosed.find(({ name }) => !this.#mode.canUse(name));
    if (port !== undefined) throw refuse(this.policy, port.name, port.fallback, this.#mode);
  }

  /** The current mode of this row; an outdated snapshot counts as closed. */
  rowMode(): RowMode {
    const away = this.#isUsual() ? [] : this.#ports.filter(({ name }) => !this.#mode.canUse(name));
    if (away.length === 0) return 'normal';
    const closed = away.some(
      ({ port, fallback }) => refusesEarly(fallback) || isOutdated(port, fallback),
    );
    return closed ? 'fail_closed' : 'fail_open';
  }

  /** The same for all ports, nearly always. */
  #isUsual(): boolean {
    return this.#mode.isAvailable() && !this.#mode.portDrills.any;
  }
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
