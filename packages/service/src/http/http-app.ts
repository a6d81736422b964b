import type { RequestListener } from 'node:http';
import {
  DegradedQuery,
  type FleetRows,
  type FleetTable,
  type LiveTable,
  success,
} from '@secureconnect/contracts';
import { common } from '@secureconnect/contracts/endpoints';
import { liveTable } from '@secureconnect/degraded-mode';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Runtime } from '../lifecycle/service-parts.ts';
import { createHealth } from '../observability/health.ts';
import { sharedAnswer } from '../observability/shared-answer.ts';
import { openApiOf } from '../routes/openapi.ts';
import { passed } from '../routes/route.ts';
import { ApiError } from './api-error.ts';
import type { TrustProxy } from './client-address.ts';
import { directRoutes } from './direct-routes.ts';
import { createPrepare } from './prepare.ts';
import { relaysFirst } from './relays-first.ts';
import { contextOf } from './request-context.ts';
import { sendError } from './send-error.ts';
import { type BoundRelay, isRelay, serveRelay } from './serve-relay.ts';
import { type ServeRequest, serveRequest } from './serve-request.ts';
import { validate } from './validate.ts';

/** What serves the requests of a service. */
export interface HttpApp {
  readonly listener: RequestListener;
  /** Whether a proxy at an address is trusted. */
  readonly isTrusted: TrustProxy;
}

/**
 * Serves a service: its relays and the rows without parameters in their paths, and in Express its
 * other rows, its common routes, and all errors of routing.
 */
export function createApp<C>(runtime: Runtime<C>): HttpApp {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('case sensitive routing', true);
  app.set('trust proxy', [...(runtime.trustedProxies ?? [])]);
  const isTrusted: TrustProxy = app.get('trust proxy fn');
  const prepare = createPrepare(runtime, isTrusted);
  app.use((request, response, next) => {
    if (prepare(request, response)) next();
  });
  // Rows first: a row of the gateway decides on access to what follows.
  mountRows(app, runtime);
  mountCommonRoutes(app, runtime);
  refuseOtherMethods(app, runtime);
  app.use(() => {
    throw new ApiError('NOT_FOUND', 'There is no such route. GET /openapi.json lists them.');
  });
  const funnel: ErrorRequestHandler = (error: unknown, request, response, _next) =>
    sendError(error, request, response, runtime.mode);
  app.use(funnel);
  const listener = relaysFirst(directRoutes(app, runtime, prepare), runtime, prepare);
  return { listener, isTrusted };
}

/** For public replies: caches may keep them, and revalidate them before each use. */
const publicHeaders = { 'Cache-Control': 'no-cache' };

function mountCommonRoutes<C>(app: Express, runtime: Runtime<C>): void {
  const handlers = commonHandlers(runtime);
  for (const [id, endpoint] of Object.entries(common)) {
    const handle = handlers[id as keyof typeof common];
    const { path } = endpoint;
    app.get(path, (request, response, next) => {
      const context = contextOf(request);
      context.route = path;
      context.endpoint = endpoint;
      return handle(request, response, next);
    });
  }
}

/** The common replies of every service, by endpoint. */
function commonHandlers<C>(
  runtime: Runtime<C>,
): Readonly<Record<keyof typeof common, RequestHandler>> {
  const { readiness, health } = createHealth(runtime);
  const documentOf = runtime.openApi ?? (async () => openApiOf(runtime.name, runtime.routes));
  // The same for as long as this process runs, and written as text once.
  const openApi = sharedAnswer(Number.POSITIVE_INFINITY, async () =>
    JSON.stringify(await documentOf()),
  );
  return {
    getLive(_request, response) {
      response.json({ status: 'live' });
    },
    async getReady(_request, response) {
      const { ok, body } = await readiness();
      response.status(ok ? 200 : 503).json(body);
    },
    async getHealth(_request, response) {
      const { ok, body } = await health();
      response.status(ok ? 200 : 503).json(body);
    },
    async getMetrics(request, response) {
      runtime.metricsAccess?.(request);
      const { registry } = runtime.metrics;
      response
        .set(publicHeaders)
        .type(registry.contentType)
        .send(await registry.metrics());
    },
    async getDegraded(request, response) {
      const { fleet, rows } = DegradedQuery.parse(validate('query', DegradedQuery, request.query));
      const { requestId } = contextOf(request);
      const meta = { timestamp: new Date().toISOString(), request_id: requestId };
      const table = degradedTable(runtime);
      const all = fleet === 'true' ? { fleet: await fleetOf(runtime, table, rows) } : {};
      response.json(success({ ...table, ...all }, meta));
    },
    async getOpenApi(_request, response) {
      response
        .set(publicHeaders)
        .type('json')
        .send(await openApi());
    },
  };
}

function degradedTable<C>({ name, mode, instance, bound }: Runtime<C>): LiveTable {
  const bindings = bound.map(({ binding }) => binding);
  const { rows, ...now } = liveTable(name, mode, bindings);
  return { ...now, instance, rows: [...rows] };
}

function fleetOf<C>({ fleet }: Runtime<C>, own: LiveTable, rows: FleetRows): Promise<FleetTable> {
  if (fleet !== undefined) return fleet(own, rows);
  const details = [{ field: 'query.fleet', message: 'expected false, except on the gateway' }];
  throw new ApiError('VALIDATION_ERROR', 'Only the gateway knows all instances.', { details });
}

function mountRows<C>(app: Express, runtime: Runtime<C>): void {
  for (const bound of runtime.bound) {
    const { route, binding } = bound;
    if (route.kind !== 'http') continue;
    const serve = isRelay(bound)
      ? serveInRouter(bound, runtime)
      : routed(serveRequest(route, binding, runtime));
    app[route.method](route.path, serve);
  }
}

function routed(serve: ServeRequest): RequestHandler {
  return (request, response) => serve(request, response, request);
}

function serveInRouter<C>(relay: BoundRelay<C>, runtime: Runtime<C>): RequestHandler {
  return async (request, response, next) => {
    if ((await serveRelay(relay, runtime, request, response)) === passed) next();
  };
}

function refuseOtherMethods<C>(app: Express, runtime: Runtime<C>): void {
  const methods = new Map(
    Object.values(common).map(({ path }): [string, string[]] => [path, ['GET']]),
  );
  for (const { route } of runtime.bound) {
    if (route.kind === 'upgrade') {
      methods.set(route.path, ['GET']);
      app.get(route.path, refuseToServe);
    }
    if (route.kind !== 'http') continue;
    methods.set(route.path, [...(methods.get(route.path) ?? []), route.method.toUpperCase()]);
  }
  for (const [path, allowed] of methods) {
    if (allowed.includes('ALL')) continue;
    app.all(path, () => {
      throw methodNotAllowed(allowed);
    });
  }
}

/** At the path of a WebSocket: a request that arrives here is not a valid upgrade. */
const refuseToServe: RequestHandler = () => {
  const message = 'Open this path as a WebSocket: GET, "Upgrade: websocket", and no body.';
  throw new ApiError('VALIDATION_ERROR', message);
};

function methodNotAllowed(allowed: readonly string[]): ApiError {
  // Every route with GET has HEAD (RFC 9110, 9.1).
  const allow = allowed
    .flatMap((method) => (method === 'GET' ? [method, 'HEAD'] : method))
    .join(', ');
  return new ApiError('METHOD_NOT_ALLOWED', `Expected one of: ${allow}.`, {
    headers: { Allow: allow },
  });
}
