import { success } from '@secureconnect/contracts';
import { common } from '@secureconnect/contracts/endpoints';
import { type DegradedMode, liveTable } from '@secureconnect/degraded-mode';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Runtime } from '../lifecycle/service-parts.ts';
import { createHealth } from '../observability/health.ts';
import { withoutRedaction } from '../observability/logger.ts';
import { sharedAnswer } from '../observability/shared-answer.ts';
import { openApiOf } from '../routes/openapi.ts';
import { ApiError } from './api-error.ts';
import { cors } from './cors.ts';
import { errorReply } from './error-reply.ts';
import { refuseRepeatedHeaders } from './repeated-headers.ts';
import { contextOf, startRequest } from './request-context.ts';
import { senderOf } from './sender.ts';
import { serveRequest } from './serve-request.ts';

/** The Express app of a service: its common routes, its rows and its error handler. */
export function createApp<C>(runtime: Runtime<C>): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('case sensitive routing', true);
  app.set('trust proxy', [...(runtime.trustedProxies ?? [])]);
  app.use(observe(runtime));
  if (runtime.cors !== undefined) app.use(cors(runtime.cors));
  app.use((request, _response, next) => {
    refuseRepeatedHeaders(request);
    next();
  });
  // Rows first: a row of the gateway decides on access to what follows.
  mountRows(app, runtime);
  mountCommonRoutes(app, runtime);
  refuseOtherMethods(app, runtime);
  app.use(() => {
    throw new ApiError('NOT_FOUND', 'There is no such route. GET /openapi.json lists them.');
  });
  app.use(funnel(runtime.mode));
  return app;
}

function observe<C>(runtime: Runtime<C>): RequestHandler {
  const requestLog = withoutRedaction(runtime.log);
  return (request, response, next) => {
    const context = startRequest(request, runtime, () => senderOf(request).address);
    response.setHeader('X-Request-Id', context.requestId);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    // Tokens and messages: no cache may keep them. Replies that may be cached override this.
    response.setHeader('Cache-Control', 'no-store');
    response.once('close', () => {
      const seconds = (performance.now() - context.startedAt) / 1000;
      const route = context.route ?? 'none';
      const { method } = request;
      const status = response.writableFinished ? response.statusCode : clientLeft;
      if (context.endpoint !== undefined && status !== clientLeft) {
        runtime.checkReply(context.endpoint, status);
      }
      runtime.metrics.requestSeconds.observe({ method, route, status }, seconds);
      if (route !== 'none' && quiet.has(route)) return;
      const { requestId: request_id } = context;
      const duration_ms = Math.round(seconds * 1000);
      requestLog.info({ request_id, method, route, status, duration_ms }, 'request');
    });
    next();
  };
}

/** The status in logs and metrics of a reply whose client has left. */
const clientLeft = 499;

/** Requested every few seconds by machines; a log line each would hide the rest. */
const quiet = new Set<string>(
  [common.getLive, common.getReady, common.getHealth, common.getMetrics].map(({ path }) => path),
);

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
    getDegraded(request, response) {
      const { requestId } = contextOf(request);
      const meta = { timestamp: new Date().toISOString(), request_id: requestId };
      const bindings = runtime.bound.map(({ binding }) => binding);
      response.json(success(liveTable(runtime.name, runtime.mode, bindings), meta));
    },
    async getOpenApi(_request, response) {
      response
        .set(publicHeaders)
        .type('json')
        .send(await openApi());
    },
  };
}

function mountRows<C>(app: Express, runtime: Runtime<C>): void {
  for (const { route, binding } of runtime.bound) {
    if (route.kind !== 'http') continue;
    app[route.method](route.path, ...serveRequest(route, binding, runtime));
  }
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

function funnel(mode: DegradedMode | undefined): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const context = contextOf(request);
    const reply = errorReply(error, context, mode);
    if (response.headersSent) {
      // Too late for a different reply: an abrupt end tells the client.
      response.destroy();
      return;
    }
    // An unread body would be taken for the next request on this connection.
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    if (!request.readableEnded && (length !== undefined || encoding !== undefined)) {
      response.setHeader('Connection', 'close');
    }
    response.set(reply.headers).status(reply.status).json(reply.body);
  };
}
