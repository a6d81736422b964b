import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { createRateLimit } from '@secureconnect/rate-limit';
import {
  createMetrics,
  createService,
  type Logger,
  repeatEvery,
  type Service,
} from '@secureconnect/service';
import { createTicketVerifier } from '@secureconnect/tokens';
import { openServiceConnections } from '@secureconnect/tokens/service-connections';
import type { GatewayConfig } from './config.ts';
import { consoleFiles } from './console/console-files.ts';
import { consolePolicy } from './console/content-security-policy.ts';
import type { GatewayContext } from './context.ts';
import { createRedisSwitch } from './demo/redis-switch.ts';
import { contractDocument } from './docs/files.ts';
import { createFleet } from './fleet/ask-fleet.ts';
import { createSystemHealth, knowsRevocations } from './health.ts';
import { accessAmongClients } from './metrics-config.ts';
import { openMetricsPort } from './open-metrics-port.ts';
import { createGatewayPorts } from './ports.ts';
import { SocketPipes } from './proxy/sockets/socket-pipes.ts';
import {
  openUpstreamModes,
  openUpstreams,
  refreshUpstreams,
} from './proxy/upstreams/open-upstreams.ts';
import { defaultTimeouts } from './proxy/upstreams/timeouts.ts';
import { Upstream } from './proxy/upstreams/upstream.ts';
import { roleCheck } from './role-check.ts';
import { gatewayRoutes } from './routes/index.ts';
import { createDeduplication } from './signals/redis/deduplication.ts';
import { signalScripts } from './signals/redis/signal-scripts.ts';
import { redisStorms } from './signals/redis/storms.ts';
import { createRemediationStoreMode } from './signals/remediation-store-mode.ts';
import { createSignals } from './signals/signals.ts';
import type { RemediationSink } from './signals/sink.ts';
import { endSlowSenders } from './signals/slow-senders.ts';
import { wideTrust } from './wide-trust.ts';

const name = 'api-gateway';
/** Allows a file of 50 MiB over a slow line. */
const requestTimeoutMs = 600_000;
/** The maximum delay before a new instance is used. */
const lookIntervalMs = 2000;
/** The maximum size of JSON that the gateway itself reads: deliveries of signals. */
const signalsLimitBytes = 100 * 1024;
/** Where `npm run build:console` writes. */
const consoleFolder = join(import.meta.dirname, '../../../console/dist');

/** What tests replace. */
export interface GatewayOverrides extends Partial<GatewayContext> {
  readonly sink?: RemediationSink;
}

/** Builds the gateway. Tests replace parts of it with `overrides`. */
export async function createGateway(
  config: GatewayConfig,
  log: Logger,
  { sink: givenSink, ...overrides }: GatewayOverrides = {},
): Promise<Service> {
  await using resources = new AsyncDisposableStack();
  const metrics = createMetrics();
  const connections = openServiceConnections({
    name,
    config,
    log,
    resources,
    metrics,
    maxConnections: 8,
  });
  const { database, mode, redis, snapshot, verifyToken } = connections;
  const rateLimit = createRateLimit({
    redis: redis.commands,
    service: name,
    onHeartbeatError: (error) => {
      if (mode.reportError(error) === undefined) log.error({ err: error }, 'heartbeat failed');
    },
    onUnfinished: () => log.warn('rate limit hand-over timed out; the next requests complete it'),
  });
  const scripts = signalScripts(redis.commands);
  const deduplication = createDeduplication(redis.commands.keyspace, scripts);

  const timeouts = overrides.timeouts ?? defaultTimeouts;
  const upstreams = openUpstreams(config.upstreams, timeouts, log);
  const gateways =
    config.fleet.length === 0 ? undefined : new Upstream('gateway', config.fleet, timeouts, log);
  const resolved = [...Object.values(upstreams), ...(gateways === undefined ? [] : [gateways])];
  for (const upstream of resolved) resources.defer(() => upstream.close());
  const run = (): Promise<void> => refreshUpstreams(resolved);
  const what = 'resolving the instances of the services';
  resources.defer(repeatEvery({ intervalMs: lookIntervalMs, what, log, run }));
  const upstreamModes = await openUpstreamModes(name, upstreams, resources);
  const pipes = new SocketPipes();
  const storeMode = createRemediationStoreMode(name);
  const { signals, sink: ownSink } = await createSignals(config.signals, {
    ...{ database, metrics, mode, storeMode, log, resources },
  });
  const sink = givenSink ?? ownSink;
  const metricsAccess = accessAmongClients(config.metrics);
  const context: GatewayContext = {
    ...{ timeouts, verifyToken, snapshot, pipes, signals, metricsAccess },
    verifyTicket: createTicketVerifier(connections.tokenKeys),
    demoRedis:
      config.demoRedisSwitch === undefined ? undefined : createRedisSwitch(config.demoRedisSwitch),
    console: {
      files: consoleFiles(consoleFolder),
      policy: consolePolicy(config.consoleConnectOrigins),
    },
    ...overrides,
  };
  const wide = wideTrust(config.trustedProxies);
  if (config.production && wide.length > 0) {
    log.warn({ wide }, 'GATEWAY_TRUSTED_PROXIES may include clients; list the proxies alone');
  }
  await openMetricsPort(config.metrics, { metrics, log, resources });
  await connections.start([rateLimit.reconciler, deduplication.reconciler]);
  rateLimit.start();
  resources.defer(() => rateLimit.stop());

  const openApi: object = JSON.parse(await contractDocument('openapi.json'));
  const parts = {
    name,
    log,
    context,
    ports: createGatewayPorts({
      redis: redis.commands,
      database,
      snapshot,
      rateLimit,
      deduplication: deduplication.redis,
      storms: redisStorms(redis.commands.keyspace, scripts.noteInStorm),
      ...{ storeMode, remediationRequests: sink, upstreams, upstreamModes },
    }),
    routes: gatewayRoutes,
    verifyToken: context.verifyToken,
    hasRole: roleCheck(database),
    authorizeSignals: (request: IncomingMessage) => context.signals.authorize(request),
    mode,
    ...connections.drills,
    readiness: { revocations: () => knowsRevocations(context) },
    health: createSystemHealth(name, context, { mode, sink, upstreams }),
    fleet: createFleet({ upstreams, gateways }),
    metricsAccess: context.metricsAccess,
    openApi: async () => openApi,
    trustedProxies: config.trustedProxies,
    logSecret: config.jwtSecret,
    cors: { origins: config.corsOrigins },
    socketOrigins: config.corsOrigins,
    requestTimeoutMs,
    bodyLimitBytes: signalsLimitBytes,
    onStop: async () => pipes.endAll(),
  };
  const service = createService<GatewayContext>(parts, resources.move(), metrics);
  context.signals.watch.follow(service.server);
  endSlowSenders(service.server);
  return service;
}

export { type GatewayConfig, readGatewayConfig } from './config.ts';
export { gatewayRoutes } from './routes/index.ts';
