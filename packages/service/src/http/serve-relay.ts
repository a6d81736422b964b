import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BoundRoute, Runtime } from '../lifecycle/service-parts.ts';
import { type HttpRoute, passed, type replied } from '../routes/route.ts';
import { clientLeftSignal } from './client-left.ts';
import { contextOf } from './request-context.ts';

/** A relay, with its ports bound. */
export type BoundRelay<C> = BoundRoute<C> & { readonly route: HttpRoute<C> };

/** Whether a route is a relay: the service behind it declares the endpoints. */
export function isRelay<C>(bound: BoundRoute<C>): bound is BoundRelay<C> {
  return bound.route.kind === 'http' && bound.route.endpoint === undefined;
}

/**
 * Serves a relay: refuses the request if its row fails closed, and runs the handler with its ports.
 * Resolves to `passed` if the request is for the next route.
 */
export async function serveRelay<C>(
  { route, binding }: BoundRelay<C>,
  runtime: Runtime<C>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<typeof passed | typeof replied> {
  if (route.passesBy?.(request, runtime.context) === true) return passed;
  const context = contextOf(request);
  context.route = route.path;
  const { ports, fallbacksUsed: outcomes } = binding.begin();
  binding.requireOpen();
  const { sender } = context;
  const result = await route.handle(
    {
      user: undefined,
      params: {},
      query: undefined,
      body: undefined,
      context: runtime.context,
      requestId: context.requestId,
      clientAddress: sender.address,
      protocol: sender.protocol,
      host: sender.host,
      headers: request.headers,
      get log() {
        return context.log;
      },
      get noteSecurity() {
        return context.noteSecurity;
      },
      outcomes,
      incoming: request,
      outgoing: response,
      clientLeft: () => clientLeftSignal(response),
    },
    ports,
  );
  if (result === passed) context.route = undefined;
  return result as typeof passed | typeof replied;
}
