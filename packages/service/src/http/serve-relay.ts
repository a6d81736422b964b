import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BoundRoute, Runtime } from '../lifecycle/service-parts.ts';
import { type HttpRoute, passed, type RequestOf } from '../routes/route.ts';
import { clientLeftSignal } from './client-left.ts';
import { contextOf } from './request-context.ts';
import { type ServedParts, ServedRequest } from './served-request.ts';

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
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<unknown> {
  if (route.passesBy?.(incoming, runtime.context) === true) return passed;
  const started = contextOf(incoming);
  started.route = route.path;
  const { ports, fallbacksUsed: outcomes } = binding.begin();
  binding.requireOpen();
  const { context } = runtime;
  const request = new RelayRequest({ context, started, outcomes, incoming }, outgoing);
  const result = await route.handle(request, ports);
  if (result === passed) started.route = undefined;
  return result;
}

/** What the handler of a relay gets. */
class RelayRequest<C>
  extends ServedRequest<C>
  implements RequestOf<'none', undefined, undefined, string, C>
{
  readonly user = undefined;
  readonly params = {};
  readonly query = undefined;
  readonly body = undefined;
  readonly outgoing: ServerResponse;

  constructor(parts: ServedParts<C>, outgoing: ServerResponse) {
    super(parts);
    this.outgoing = outgoing;
  }

  clientLeft(): AbortSignal {
    return clientLeftSignal(this.outgoing);
  }
}
