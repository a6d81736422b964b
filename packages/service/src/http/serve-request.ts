import type { IncomingMessage, ServerResponse } from 'node:http';
import { pathParametersOf, success } from '@secureconnect/contracts';
import type { FallbacksUsed, PortTable, RowBinding } from '@secureconnect/degraded-mode';
import type { z } from 'zod';
import type { Runtime } from '../lifecycle/service-parts.ts';
import { type HttpRoute, replied } from '../routes/route.ts';
import { ApiError } from './api-error.ts';
import { hasArrived } from './arrived-json.ts';
import { clientLeftSignal } from './client-left.ts';
import { identify } from './identify.ts';
import { jsonReader } from './json-body.ts';
import { defaultMaxLevels, isNestedDeeper } from './nesting.ts';
import { contextOf } from './request-context.ts';
import { requireRole } from './require-role.ts';
import { sendJson } from './send-json.ts';
import { validate } from './validate.ts';

const defaultBodyLimitBytes = 256 * 1024;

/** The parts of a request that its target has, not validated yet. */
export interface TargetParts {
  readonly params: unknown;
  readonly query: unknown;
}

/** Serves a request to one route. Rejects with what is to be answered if it is refused. */
export type ServeRequest = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  target: TargetParts,
) => Promise<void>;

/**
 * Serves a route: identifies the sender, refuses the request if its row fails closed, validates its
 * parts, runs the handler with its ports and sends the reply. After a body that had not arrived
 * when its sender was identified, the sender is identified again.
 */
export function serveRequest<C>(
  route: HttpRoute<C>,
  binding: RowBinding<PortTable, unknown>,
  runtime: Runtime<C>,
): ServeRequest {
  const parameters = pathParametersOf(route.path);
  const { body: bodySchema, query: querySchema, status = 200 } = route.endpoint ?? {};
  const maxBodyLevels = route.endpoint?.maxBodyLevels ?? defaultMaxLevels;
  const readJson = jsonReader(runtime.bodyLimitBytes ?? defaultBodyLimitBytes);
  const readBody = async (
    schema: z.ZodType,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<unknown> => {
    const body = await readJson(incoming, outgoing);
    refuseDeepNesting(body, maxBodyLevels);
    return validate('body', schema, body);
  };
  return async (incoming, outgoing, target) => {
    const started = contextOf(incoming);
    started.route = route.path;
    started.endpoint = route.endpoint;
    const { ports, fallbacksUsed: outcomes } = binding.begin();
    if (route.auth === 'signals_token') authorizeSignals(incoming, runtime);
    const user = await identify(route, incoming, ports, runtime);
    await requireRole(route.endpoint, user, runtime.hasRole);
    binding.requireOpen();
    const params = (validate('params', parameters, target.params) ?? {}) as Record<string, string>;
    const query = validate('query', querySchema, target.query);
    const isWhole = hasArrived(incoming);
    const body =
      bodySchema === undefined ? undefined : await readBody(bodySchema, incoming, outgoing);
    // A sender may take a minute for the rest of a body, and the session may end meanwhile.
    if (bodySchema !== undefined && !isWhole) {
      await identify(route, incoming, ports, runtime);
      await requireRole(route.endpoint, user, runtime.hasRole);
    }
    const { sender, requestId } = started;
    const result = await route.handle(
      {
        user,
        params,
        query,
        body,
        context: runtime.context,
        requestId,
        clientAddress: sender.address,
        protocol: sender.protocol,
        host: sender.host,
        headers: incoming.headers,
        log: started.log,
        noteSecurity: started.noteSecurity,
        outcomes,
        incoming,
        outgoing,
        clientLeft: () => clientLeftSignal(outgoing),
      },
      ports,
    );
    if (result !== replied) sendSuccess(outgoing, status, result, requestId, outcomes);
  };
}

function authorizeSignals<C>(
  incoming: IncomingMessage,
  { authorizeSignals: check, name, context }: Runtime<C>,
): void {
  if (check === undefined) throw new Error(`${name} has no way to verify the signals token`);
  check(incoming, context);
}

function refuseDeepNesting(body: unknown, maxLevels: number): void {
  if (!isNestedDeeper(body, maxLevels)) return;
  const details = [{ field: 'body', message: `expected at most ${maxLevels} levels` }];
  throw new ApiError('VALIDATION_ERROR', 'The body is nested too deeply.', { details });
}

function sendSuccess(
  outgoing: ServerResponse,
  status: number,
  data: unknown,
  requestId: string,
  outcomes: FallbacksUsed,
): void {
  const meta = { timestamp: new Date().toISOString(), request_id: requestId };
  if (outcomes.isEmpty) {
    sendJson(outgoing, status, success(data, meta));
    return;
  }
  outgoing.setHeader('X-Degraded', outcomes.header());
  sendJson(outgoing, status, success(data, { ...meta, degraded: outcomes.list() }));
}
