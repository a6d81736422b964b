import type { FleetRows, FleetTable, LiveTable } from '@secureconnect/contracts';
import type { DegradedMode, PortTable, RowBinding } from '@secureconnect/degraded-mode';
import type { CorsOptions } from '../http/cors.ts';
import type { RevocationCheck, VerifyToken } from '../http/identity.ts';
import type { RoleCheck } from '../http/require-role.ts';
import type { SocketTickets } from '../http/socket-tickets.ts';
import type { LogId } from '../observability/log-ids.ts';
import type { Logger } from '../observability/logger.ts';
import type { ServiceMetrics } from '../observability/metrics.ts';
import type { MetricsAccess } from '../observability/metrics-access.ts';
import type { OutageLog } from '../observability/outage-log.ts';
import type { Authorize, Route } from '../routes/route.ts';
import type { CheckReply, UndeclaredReply } from '../routes/undeclared-replies.ts';

/** Answers a health check: resolves when the dependency can be used. */
export type ReadinessCheck = () => Promise<void>;

/** What a service passes to the framework. `C` is its own context, which every handler gets. */
export interface ServiceDeps<C> {
  /** As in logs and metrics: `auth-service`. */
  readonly name: string;
  readonly log: Logger;
  readonly context: C;
  readonly routes: readonly Route<C>[];
  readonly ports: PortTable;
  /** Absent in a service that has no Redis. */
  readonly mode?: DegradedMode;
  /** Names this process in `GET /v1/degraded`. Default: a new one. */
  readonly instance?: string;
  /** Begins to follow the drills of its dependencies; returns what stops it. */
  readonly followDrills?: (modes: readonly DegradedMode[]) => () => Promise<void>;
  readonly verifyToken?: VerifyToken;
  /** Asked for endpoints with a `role`. */
  readonly hasRole?: RoleCheck;
  /** Asked for routes with `auth: 'signals_token'`, before anything else. */
  readonly authorizeSignals?: Authorize<C>;
  /** For a service without Redis; one with Redis has a port `revocations`. */
  readonly revocations?: RevocationCheck;
  /** What must answer for `/ready` to be 200, by name. Redis is never among them. */
  readonly readiness: Readonly<Record<string, ReadinessCheck>>;
  readonly trustedProxies?: readonly string[];
  /** The gateway's: may replace `/health` by an aggregate of its upstreams. */
  readonly health?: () => Promise<{ ok: boolean; body: object }>;
  /** The gateway's: the instances of all services, its own table among them. */
  readonly fleet?: (own: LiveTable, rows: FleetRows) => Promise<FleetTable>;
  readonly openApi?: () => Promise<object>;
  /** Who may read `/metrics` on the service's own port. Default: everybody. */
  readonly metricsAccess?: MetricsAccess;
  readonly bodyLimitBytes?: number;
  /** How long a client may take to send a whole request. Default 60 000. */
  readonly requestTimeoutMs?: number;
  /**
   * Origins of web pages that may open WebSockets, in addition to the requested host's. Default:
   * none.
   */
  readonly socketOrigins?: readonly string[];
  /** Absent if no WebSocket is opened by a ticket. */
  readonly socketTickets?: SocketTickets;
  /** Which web pages may call; absent if browsers never call directly. */
  readonly cors?: CorsOptions;
  /**
   * A secret that all services share, for the ids of clients' addresses in the log. If it is
   * absent, ids are comparable only within this process.
   */
  readonly logSecret?: string;
  /**
   * Called for a reply with a status that its endpoint does not list, once per route and status.
   */
  readonly onUndeclaredReply?: (reply: UndeclaredReply) => void;
  /** Runs first when the service stops: ends what would not end on its own, such as sockets. */
  readonly onStop?: () => Promise<void>;
}

/** A route with its ports bound. */
export interface BoundRoute<C> {
  readonly route: Route<C>;
  readonly binding: RowBinding<PortTable, unknown>;
}

/** Everything that serving a request needs. */
export interface Runtime<C> extends ServiceDeps<C> {
  readonly bound: readonly BoundRoute<C>[];
  readonly instance: string;
  readonly metrics: ServiceMetrics;
  readonly logId: LogId;
  readonly checkReply: CheckReply;
  /** The log of each dependency of `readiness` that is down, by its name. */
  readonly outages: ReadonlyMap<string, OutageLog>;
}
