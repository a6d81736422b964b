import { pathParametersOf, success } from '@secureconnect/contracts';
import type { FallbacksUsed, PortTable, RowBinding } from '@secureconnect/degraded-mode';
import express, { type Request, type RequestHandler, type Response } from 'express';
import type { z } from 'zod';
import type { Runtime } from '../lifecycle/service-parts.ts';
import { type HttpRoute, replied } from '../routes/route.ts';
import { ApiError } from './api-error.ts';
import { clientLeftSignal } from './client-left.ts';
import { identify } from './identify.ts';
import { defaultMaxLevels, isNestedDeeper } from './nesting.ts';
import { contextOf } from './request-context.ts';
import { requireRole } from './require-role.ts';
import { validate } from './validate.ts';

const defaultBodyLimitBytes = 256 * 1024;

/**
 * Serves a route: identifies the sender, refuses the request if its row fails closed, validates its
 * parts, runs the handler with its ports and sends the reply. After a body that had not arrived
 * when its sender was identified, the sender is identified again.
 */
export function serveRequest<C>(
  route: HttpRoute<C>,
  binding: RowBinding<PortTable, unknown>,
  runtime: Runtime<C>,
): RequestHandler {
  const parameters = pathParametersOf(route.path);
  const { body: bodySchema, query: querySchema, status = 200 } = route.endpoint ?? {};
  const maxBodyLevels = route.endpoint?.maxBodyLevels ?? defaultMaxLevels;
  const serve: RequestHandler = async (request, response) => {
    const context = contextOf(request);
    context.route = route.path;
    context.endpoint = route.endpoint;
    const { sender } = context;
    const { ports, fallbacksUsed: outcomes } = binding.begin();
    if (route.auth === 'signals_token') authorizeSignals(request, runtime);
    const user = await identify(route, request, ports, runtime);
    await requireRole(route.endpoint, user, runtime.hasRole);
    binding.requireOpen();
    const params = pathParameters(parameters, request);
    const query = validate('query', querySchema, request.query);
    const isWhole = request.complete;
    const body =
      bodySchema === undefined ? undefined : await readBody(bodySchema, request, response);
    // A sender may take a minute for the rest of a body, and the session may end meanwhile.
    if (bodySchema !== undefined && !isWhole) {
      await identify(route, request, ports, runtime);
      await requireRole(route.endpoint, user, runtime.hasRole);
    }
    const result = await route.handle(
      {
        user,
        params,
        query,
        body,
        context: runtime.context,
        requestId: context.requestId,
        clientAddress: sender.address,
        protocol: sender.protocol,
        host: sender.host,
        headers: request.headers,
        log: context.log,
        noteSecurity: context.noteSecurity,
        outcomes,
        incoming: request,
        outgoing: response,
        clientLeft: () => clientLeftSignal(response),
      },
      ports,
    );
    if (result !== replied) sendSuccess(response, status, result, context.requestId, outcomes);
  };

  const bodyLimitBytes = runtime.bodyLimitBytes ?? defaultBodyLimitBytes;
  const parseJson = express.json({ limit: bodyLimitBytes, strict: true });
  const readBody = async (schema: z.ZodType, request: Request, response: Response) => {
    requireJson(request);
    await new Promise<void>((resolve, reject) => {
      parseJson(request, response, (error?: unknown) => (error ? reject(error) : resolve()));
    });
    refuseDeepNesting(request.body, maxBodyLevels);
    return validate('body', schema, request.body ?? {});
  };
  return serve;
}

function authorizeSignals<C>(
  request: Request,
  { authorizeSignals: check, ...parts }: Runtime<C>,
): void {
  if (check === undefined) throw new Error(`${parts.name} has no way to verify the signals token`);
  check(request, parts.context);
}

function pathParameters(schema: z.ZodType | undefined, request: Request) {
  return (validate('params', schema, request.params) ?? {}) as Record<string, string>;
}

/** A body in another format is named as such; no body at all is judged by the schema. */
function requireJson(request: Request): void {
  const hasBody = request.headers['transfer-encoding'] !== undefined || contentLength(request) > 0;
  if (hasBody && !request.is('application/json')) {
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', 'Expected Content-Type: application/json.');
  }
}

function refuseDeepNesting(body: unknown, maxLevels: number): void {
  if (!isNestedDeeper(body, maxLevels)) return;
  const details = [{ field: 'body', message: `expected at most ${maxLevels} levels` }];
  throw new ApiError('VALIDATION_ERROR', 'The body is nested too deeply.', { details });
}

function contentLength(request: Request): number {
  return Number(request.headers['content-length'] ?? 0);
}

function sendSuccess(
  response: Response,
  status: number,
  data: unknown,
  requestId: string,
  outcomes: FallbacksUsed,
): void {
  const meta = { timestamp: new Date().toISOString(), request_id: requestId };
  if (outcomes.isEmpty) {
    response.status(status).json(success(data, meta));
    return;
  }
  response.setHeader('X-Degraded', outcomes.header());
  response.status(status).json(success(data, { ...meta, degraded: outcomes.list() }));
}
