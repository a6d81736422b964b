import type { IncomingMessage } from 'node:http';
import { success } from '@secureconnect/contracts';
import { Outcomes, type PortTable, type RowBinding } from '@secureconnect/degraded-mode';
import express, { type Request, type RequestHandler, type Response } from 'express';
import type { z } from 'zod';
import { ApiError } from './api-error.ts';
import { authenticate, bearerToken } from './bearer.ts';
import { clientLeftSignal } from './client-left.ts';
import type { Identity, RevocationCheck } from './identity.ts';
import { isNestedDeeper } from './nesting.ts';
import { contextOf } from './request-context.ts';
import { type HttpRoute, replied } from './route.ts';
import { senderOf } from './sender.ts';
import type { Runtime } from './service-parts.ts';
import { parameterSchema, validate } from './validate.ts';

const defaultBodyLimitBytes = 256 * 1024;

/**
 * The way of a request through its row: who sends it, whether the row is refused while Redis is
 * down, whether its parts are as declared, then the handler with its ports, then the reply.
 */
export function serveRequest<C>(
  route: HttpRoute<C>,
  binding: RowBinding<PortTable, unknown>,
  runtime: Runtime<C>,
): RequestHandler[] {
  const parameters = parameterSchema(route.path);
  const serve: RequestHandler = async (request, response) => {
    const context = contextOf(request);
    context.route = route.path;
    const outcomes = new Outcomes();
    const sender = senderOf(request);
    const ports = binding.forRequest(outcomes);
    route.authorize?.(request, runtime.context);
    const user = await identify(route, request, ports, runtime);
    const refusal = binding.refusal();
    if (refusal !== undefined) throw refusal;
    const result = await route.handle(
      {
        user,
        params: pathParameters(parameters, request),
        query: validate('query', route.query, request.query),
        body: route.body === undefined ? undefined : await readBody(route, request, response),
        context: runtime.context,
        requestId: context.requestId,
        clientAddress: sender.address,
        protocol: sender.protocol,
        host: sender.host,
        headers: request.headers,
        log: context.log,
        outcomes,
        incoming: request,
        outgoing: response,
        clientLeft: () => clientLeftSignal(response),
      },
      ports,
    );
    if (result !== replied)
      sendSuccess(response, route.status, result, context.requestId, outcomes);
  };

  const bodyLimitBytes = runtime.bodyLimitBytes ?? defaultBodyLimitBytes;
  const parseJson = express.json({ limit: bodyLimitBytes, strict: true });
  const readBody = async (
    { body: schema, maxBodyLevels }: Pick<HttpRoute<C>, 'body' | 'maxBodyLevels'>,
    request: Request,
    response: Response,
  ) => {
    requireJson(request);
    await new Promise<void>((resolve, reject) => {
      parseJson(request, response, (error?: unknown) => (error ? reject(error) : resolve()));
    });
    refuseDeepNesting(request.body, maxBodyLevels);
    return validate('body', schema, request.body ?? {});
  };
  return [serve];
}

/** The sender of a request to a row with `auth: 'bearer'`; undefined for the others. */
export async function identify<C>(
  route: { readonly auth: 'bearer' | 'none'; readonly kind: string },
  request: IncomingMessage,
  ports: object,
  runtime: Runtime<C>,
): Promise<Identity | undefined> {
  if (route.auth === 'none') return undefined;
  const { verifyToken } = runtime;
  if (verifyToken === undefined) throw new Error(`${runtime.name} has no way to verify tokens`);
  const token = bearerToken(request, route.kind === 'upgrade');
  return authenticate(token, verifyToken, revocationsOf(ports, runtime));
}

/** The revocation check of a row: its port, or in a service without Redis the service's own. */
export function revocationsOf<C>(ports: object, runtime: Runtime<C>): RevocationCheck {
  const port: unknown = Reflect.get(ports, 'revocations');
  const revocations = (port as RevocationCheck | undefined) ?? runtime.revocations;
  if (revocations === undefined) throw new Error(`${runtime.name} has no revocation check`);
  return revocations;
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
  outcomes: Outcomes,
): void {
  const meta = { timestamp: new Date().toISOString(), request_id: requestId };
  if (outcomes.isEmpty) {
    response.status(status).json(success(data, meta));
    return;
  }
  response.setHeader('X-Degraded', outcomes.header());
  response.status(status).json(success(data, { ...meta, degraded: outcomes.list() }));
}
