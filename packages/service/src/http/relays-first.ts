import type { RequestListener } from 'node:http';
import type { Runtime } from '../lifecycle/service-parts.ts';
import type { Prepare } from './prepare.ts';
import { sendError } from './send-error.ts';
import { type BoundRelay, isRelay, serveRelay } from './serve-relay.ts';

/** A path pattern for everything below two segments: `/v1/calls{/*rest}`. */
const prefixPattern = /^(\/[\w-]+\/[\w-]+)\{\/\*rest\}$/;

/**
 * A request target that a router need not interpret: two plain segments, and behind them neither an
 * escape nor a fragment.
 */
const plainTarget = /^(\/[\w-]+\/[\w-]+)(?:[/?][!"$&-[\]-~]*)?$/;

/**
 * Serves relays without the router, for which a proxied request is one of many: it would set up
 * the request and try each path in turn. `app` serves all other requests, among them those of the
 * same relays whose target needs interpretation, to the same effect.
 */
export function relaysFirst<C>(
  app: RequestListener,
  runtime: Runtime<C>,
  prepare: Prepare,
): RequestListener {
  const relays = leadingRelays(runtime);
  if (relays.size === 0) return app;
  return (request, response) => {
    const relay = relays.get(plainTarget.exec(request.url ?? '')?.[1] ?? '');
    if (relay === undefined) {
      app(request, response);
      return;
    }
    const serve = async (): Promise<void> => {
      if (prepare(request, response)) await serveRelay(relay, runtime, request, response);
    };
    serve().catch((error: unknown) => sendError(error, request, response, runtime.mode));
  };
}

/** The relays before any other route, which no other route could precede. */
function leadingRelays<C>({ bound }: Runtime<C>): ReadonlyMap<string, BoundRelay<C>> {
  const leading = new Map<string, BoundRelay<C>>();
  for (const one of bound.filter(({ route }) => route.kind === 'http')) {
    if (!isRelay(one) || one.route.passesBy !== undefined) break;
    const path = prefixPattern.exec(one.route.path)?.[1];
    if (path !== undefined) leading.set(path, one);
  }
  return leading;
}
