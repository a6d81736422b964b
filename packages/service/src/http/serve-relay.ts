import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { FallbacksUsed } from '@secureconnect/degraded-mode';
import type { BoundRoute, Runtime } from '../lifecycle/service-parts.ts';
import type { Logger } from '../observability/logger.ts';
import type { NoteSecurityEvent } from '../observability/security-events.ts';
import { type HttpRoute, passed, type RequestOf } from '../routes/route.ts';
import { clientLeftSignal } from './client-left.ts';
import { contextOf, type RequestContext } from './request-context.ts';

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
  const { ports, fallbacksUsed } = binding.begin();
  binding.requireOpen();
  const { context } = runtime;
  const request = new RelayRequest(context, started, fallbacksUsed, incoming, outgoing);
  const result = await route.handle(request, ports);
  if (result === passed) started.route = undefined;
  return result;
}

/**
 * What the handler of a relay gets. A class, because an object literal with a getter has a hidden
 * class of its own each time, which keeps its whole request until a major garbage collection.
 */
class RelayRequest<C> implements RequestOf<'none', undefined, undefined, string, C> {
  readonly user = undefined;
  readonly params = {};
  readonly query = undefined;
  readonly body = undefined;
  readonly requestId: string;
  readonly clientAddress: string;
  readonly protocol: string;
  readonly host: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly #started: RequestContext;
  readonly context: C;
  readonly outcomes: FallbacksUsed;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;

  constructor(
    context: C,
    started: RequestContext,
    outcomes: FallbacksUsed,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ) {
    this.context = context;
    this.#started = started;
    this.requestId = started.requestId;
    this.clientAddress = started.sender.address;
    this.protocol = started.sender.protocol;
    this.host = started.sender.host;
    this.headers = incoming.headers;
    this.outcomes = outcomes;
    this.incoming = incoming;
    this.outgoing = outgoing;
  }

  /** Created when it is used. */
  get log(): Logger {
    return this.#started.log;
  }

  get noteSecurity(): NoteSecurityEvent {
    return this.#started.noteSecurity;
  }

  clientLeft(): AbortSignal {
    return clientLeftSignal(this.outgoing);
  }
}
