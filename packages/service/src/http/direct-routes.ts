import type { RequestListener } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import type { BoundRoute, Runtime } from '../lifecycle/service-parts.ts';
import { passed } from '../routes/route.ts';
import type { Prepare } from './prepare.ts';
import { sendError } from './send-error.ts';
import { type BoundRelay, isRelay, serveRelay } from './serve-relay.ts';
import { type ServeRequest, serveRequest } from './serve-request.ts';

/** A route that needs no router: its path has no parameters. */
interface DirectRoute<C> {
  readonly serve: ServeRequest;
  /** The relays before it that see its requests first. */
  readonly relays: readonly BoundRelay<C>[];
}

/** The paths of a relay: `/v1/calls{/*rest}`, or `/{*rest}` for all. */
const relayPattern = /^((?:\/[\w.-]+)*)\/?\{\/?\*rest\}$/;

/**
 * Serves a request whose method and path are those of a route, without the router, which would set
 * up the request and try each path in turn. `app` serves all other requests, among them those of
 * the same routes in a different spelling, to the same effect.
 */
export function directRoutes<C>(
  app: RequestListener,
  runtime: Runtime<C>,
  prepare: Prepare,
): RequestListener {
  const direct = directlyServed(runtime);
  if (direct.size === 0) return app;
  return (request, response) => {
    const { method, url = '' } = request;
    const end = url.indexOf('?');
    const path = end < 0 ? url : url.slice(0, end);
    const route = direct.get(`${method} ${path}`);
    if (route === undefined || url.includes('#')) {
      app(request, response);
      return;
    }
    const serve = async (): Promise<void> => {
      if (!prepare(request, response)) return;
      for (const relay of route.relays) {
        if ((await serveRelay(relay, runtime, request, response)) !== passed) return;
      }
      const query = end < 0 ? {} : parseQuery(url.slice(end + 1));
      await route.serve(request, response, { params: {}, query });
    };
    serve().catch((error: unknown) => sendError(error, request, response, runtime.mode));
  };
}

function directlyServed<C>(runtime: Runtime<C>): ReadonlyMap<string, DirectRoute<C>> {
  const direct = new Map<string, DirectRoute<C>>();
  const before: BoundRoute<C>[] = [];
  for (const bound of runtime.bound) {
    const { route, binding } = bound;
    if (route.kind !== 'http') continue;
    const relays = before.filter((other) => mayPrecede(other.route.path, route.path));
    const isKnown = ({ route: { path } }: BoundRoute<C>): boolean => relayPattern.test(path);
    if (
      !isRelay(bound) &&
      isLiteral(route.path) &&
      relays.every(isRelay) &&
      relays.every(isKnown)
    ) {
      const serve = serveRequest(route, binding, runtime);
      direct.set(`${route.method.toUpperCase()} ${route.path}`, { serve, relays });
    }
    before.push(bound);
  }
  return direct;
}

function isLiteral(path: string): boolean {
  return /^(?:\/[\w.-]+)+$/.test(path);
}

/**
 * Whether a route at `pattern` may be one for requests to `path`, which is literal; true for a
 * pattern that is not understood.
 */
function mayPrecede(pattern: string, path: string): boolean {
  const prefix = relayPattern.exec(pattern)?.[1];
  if (prefix !== undefined) return path === prefix || path.startsWith(`${prefix}/`);
  if (isLiteral(pattern)) return false;
  const [expected, given] = [pattern.split('/'), path.split('/')];
  const hasSegments = expected.every(
    (segment, place) => !/^[\w.-]*$/.test(segment) || segment === given[place],
  );
  return hasSegments && (expected.length === given.length || /[{*]/.test(pattern));
}
