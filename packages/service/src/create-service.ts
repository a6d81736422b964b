import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RowBinding, DegradedMode } from '@secureconnect/degraded-mode';
import { createApp } from './http-app.ts';
import { createMetrics, measureDegradedMode, type ServiceMetrics } from './metrics.ts';
import type { BoundRoute, ServiceParts } from './service-parts.ts';
import { serveUpgrades } from './upgrades.ts';

export interface Service {
  readonly name: string;
  readonly server: Server;
  readonly metrics: ServiceMetrics;
  /** Opens the port; 0 chooses one. Resolves to the port. */
  listen(port: number): Promise<number>;
  /** Takes no new connections, lets requests in flight finish, then closes what was opened. */
  close(): Promise<void>;
}

/** Requests in flight get this long at shutdown. */
const drainMs = 8000;
const mostConnections = 20_000;

/**
 * Puts a service together: binds every row to its ports and serves them. `resources` is disposed
 * of last, in reverse order of what was added.
 */
export function createService<C>(
  parts: ServiceParts<C>,
  resources: AsyncDisposableStack,
  metrics: ServiceMetrics = createMetrics(),
): Service {
  const runtime = { ...parts, bound: bindRoutes(parts), metrics };
  if (parts.mode !== undefined) {
    const bindings = runtime.bound.map(({ binding }) => binding);
    measureDegradedMode(metrics.registry, parts.mode, bindings);
  }
  const server = createServer({ requestTimeout: 60_000, headersTimeout: 10_000 }, createApp(runtime));
  server.keepAliveTimeout = 65_000;
  server.maxConnections = mostConnections;
  serveUpgrades(server, runtime);
  return {
    name: parts.name,
    server,
    metrics,
    listen: (port) => listen(server, port),
    async close() {
      await drain(server);
      await resources.disposeAsync();
    },
  };
}

/** Binds the ports of every row once. A service without Redis has rows without ports. */
export function bindRoutes<C>(parts: ServiceParts<C>): BoundRoute<C>[] {
  const mode =
    parts.mode ?? new DegradedMode({ service: parts.name, classify: () => undefined });
  return parts.routes.map((route) => ({
    route,
    binding: new RowBinding(route.row, parts.ports, mode),
  }));
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

async function drain(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(timer);
}
