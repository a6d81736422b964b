import { RowBinding } from './binding.ts';
import type { DegradedMode } from './degraded-mode.ts';
import type { AnyDeclaration, Checked, CheckedForRedis, PortTable } from './port.ts';
import { type LiveTable, liveTable } from './table.ts';

/** The fallback of each port that the handler uses, in a row with Redis alone. */
interface RedisFallbacks<P extends PortTable, W> {
  readonly whenRedisDown: W & CheckedForRedis<P, W>;
  readonly whenDown?: undefined;
}

/** The same in a row with ports of any dependency, those that Redis backs among them. */
interface AnyFallbacks<P extends PortTable, W> {
  readonly whenDown: W & Checked<P, W>;
  readonly whenRedisDown?: undefined;
}

type DeclaredFallbacks<P extends PortTable, W> = RedisFallbacks<P, W> | AnyFallbacks<P, W>;

interface Operation {
  /** Names the operation in refusals: `login`. */
  readonly operation: string;
}

/** A row of the table: the behaviour of a route or a middleware while a dependency is down. */
export type DeclaredRow<P extends PortTable, W> = DeclaredFallbacks<P, W> &
  Operation & {
    /** Names the row in metrics and in `GET /v1/degraded`: `GET /:code`. */
    readonly route: string;
  };

/** A row whose route is said by the router: by a method and a path. */
export type RouteRow<P extends PortTable, W> = DeclaredFallbacks<P, W> & Operation;

/** The row of a route whose handler returns the JSON to send. */
export type JsonRow<P extends PortTable, W> = RouteRow<P, W> & {
  /** The status of success. Default 200. */
  readonly status?: number;
};

/** Where an adapter serves the table of its rows. */
export interface TableOptions {
  /** False for nowhere. Default `/v1/degraded`. */
  readonly tablePath?: string | false;
}

export const defaultTablePath = '/v1/degraded';

export type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** A function for each verb. */
export function byVerb<Declare>(routeOf: (verb: Verb) => Declare): Readonly<Record<Verb, Declare>> {
  return {
    get: routeOf('get'),
    post: routeOf('post'),
    put: routeOf('put'),
    patch: routeOf('patch'),
    delete: routeOf('delete'),
  };
}

/** The rows of an app, which an adapter binds to its ports. */
export class Rows<P extends PortTable> {
  readonly #mode: DegradedMode;
  readonly #ports: P;
  readonly #bindings: RowBinding<P, unknown>[] = [];

  constructor(mode: DegradedMode, ports: P) {
    this.#mode = mode;
    this.#ports = ports;
  }

  /** Throws if the row names an unknown port or fallback, even if the types did not catch it. */
  bind<W extends AnyDeclaration>(row: DeclaredRow<P, W>): RowBinding<P, W> {
    const { route, operation, whenRedisDown = {}, whenDown } = row;
    const policy = { route, operation, whenRedisDown, ...(whenDown && { whenDown }) };
    const binding = new RowBinding<P, W>(policy, this.#ports, this.#mode);
    this.#bindings.push(binding);
    return binding;
  }

  /** The rows with their current mode. */
  table(): LiveTable {
    return liveTable(this.#mode.service, this.#mode, this.#bindings);
  }
}
