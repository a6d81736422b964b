import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DegradedMode, modesOf, type PortTable, RowBinding } from '@secureconnect/degraded-mode';
import { measureDegradedMode } from '@secureconnect/degraded-mode/prometheus';
import { createApp } from '../http/http-app.ts';
import { isSocketRequest } from '../http/upgrade-request.ts';
import { serveUpgrades } from '../http/upgrades.ts';
import { measureBreakers } from '../observability/breaker-metrics.ts';
import { createLogId } from '../observability/log-ids.ts';
import { createMetrics, type ServiceMetrics } from '../observability/metrics.ts';
import { databaseOutages, OutageLog } from '../observability/outage-log.ts';
import { createReplyCheck } from '../routes/undeclared-replies.ts';
import { requireUniqueRoutes } from '../routes/unique-routes.ts';
import { tracedListener } from '../tracing/traced-listener.ts';
import { activeTracing } from '../tracing/tracing.ts';
import { newInstanceId } from './instance-id.ts';
import type { BoundRoute, ServiceDeps } from './service-parts.ts';
import { trackConnections } from './stopping.ts';

export interface Service {
  readonly name: string;
  readonly server: Server;
  readonly metrics: ServiceMetrics;
  /** Opens the port; 0 chooses one. Resolves to the port. */
  listen(port: number): Promise<number>;
  /** Serves as before; each reply announces the stop, so that clients use other instances. */
  announceStop(): void;
  /** Takes no new connections, lets requests in flight finish, then closes what was opened. */
  close(): Promise<void>;
}

/** Requests in flight get this long at shutdown. */
const drainMs = 8000;
const defaultRequestTimeoutMs = 60_000;
const maxConnections = 20_000;
/** Against clients that send their headers slowly; by default Node checks only every 30 s. */
const headersTimeoutMs = 10_000;
const connectionsCheckingInterval = 5000;

/**
 * Creates a service: binds every route to its ports and serves it. `resources` is disposed of
 * last, in reverse order of what was added.
 * @throws Error if two routes have the same id, or the same method and path
 */
export function createService<C>(
  parts: ServiceDeps<C>,
  resources: AsyncDisposableStack,
  metrics: ServiceMetrics = createMetrics(),
): Service {
  requireUniqueRoutes(parts.routes);
  const logId = createLogId(parts.logSecret);
  const outages = outageLogs(parts);
  const checkReply = createReplyCheck(parts);
  const instance = parts.instance ?? newInstanceId();
  const bound = bindRoutes(parts);
  const runtime = { ...parts, instance, bound, metrics, logId, checkReply, outages };
  const bindings = bound.map(({ binding }) => binding);
  const modes = modesUsed(parts.mode, bindings);
  for (const mode of modes)
    measureDegradedMode(mode, { registry: metrics.registry, rows: bindings });
  measureBreakers(metrics, modes);
  if (parts.followDrills !== undefined) resources.defer(parts.followDrills(modes));
  const app = createApp(runtime);
  const tracing = activeTracing();
  for (const mode of modes) tracing?.watch(mode);
  const requestTimeout = parts.requestTimeoutMs ?? defaultRequestTimeoutMs;
  const headersTimeout = Math.min(headersTimeoutMs, requestTimeout);
  const socketPaths = new Set(
    parts.routes.flatMap(({ kind, path }) => (kind === 'upgrade' ? [path] : [])),
  );
  const shouldUpgradeCallback = (request: IncomingMessage): boolean =>
    isSocketRequest(request, socketPaths);
  const server = createServer(
    { requestTimeout, headersTimeout, connectionsCheckingInterval, shouldUpgradeCallback },
    tracing === undefined ? app.listener : tracedListener(app.listener, tracing, app.isTrusted),
  );
  server.keepAliveTimeout = 65_000;
  server.maxConnections = maxConnections;
  const connections = trackConnections(server);
  const upgraded = serveUpgrades(server, runtime, app.isTrusted);
  return {
    name: parts.name,
    server,
    metrics,
    listen: (port) => listen(server, port),
    announceStop: () => connections.announceStop(),
    async close() {
      // Arrived data is read first: a connection that seems idle may hold a request. After the
      // current turn, a whole one passes, with its reads.
      await nextTurn();
      await nextTurn();
      // From here on nothing is accepted; the callback comes when the last connection has ended.
      const closed = stopListening(server);
      connections.end();
      await parts.onStop?.();
      await drain(server, closed, upgraded);
      await resources.disposeAsync();
    },
  };
}

/** Of Redis, if the service uses it, and of every dependency that backs a port. */
function modesUsed(
  redis: DegradedMode | undefined,
  bindings: readonly RowBinding<PortTable, unknown>[],
): readonly DegradedMode[] {
  return [...new Set([...(redis === undefined ? [] : [redis]), ...modesOf(bindings)])];
}

/** Binds the ports of every row once. A service without Redis has rows without ports. */
function bindRoutes<C>(parts: ServiceDeps<C>): BoundRoute<C>[] {
  const mode = parts.mode ?? new DegradedMode({ service: parts.name, classify: () => undefined });
  return parts.routes.map((route) => ({
    route,
    binding: new RowBinding(route.policy, parts.ports, mode),
  }));
}

function outageLogs<C>({ log, readiness }: ServiceDeps<C>): ReadonlyMap<string, OutageLog> {
  const logOf = (name: string): OutageLog =>
    name === 'database'
      ? databaseOutages(log)
      : new OutageLog({ log, fields: { dependency: name } });
  return new Map(Object.keys(readiness).map((name) => [name, logOf(name)]));
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

async function drain(
  server: Server,
  closed: Promise<void>,
  upgraded: ReadonlySet<Duplex>,
): Promise<void> {
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    server.closeAllConnections();
    // The server forgets an upgraded connection, but still waits for its end.
    for (const socket of upgraded) socket.destroy();
  }, drainMs);
  await closed;
  clearTimeout(timer);
}
