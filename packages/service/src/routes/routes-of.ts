import type { AnyEndpoint } from '@secureconnect/contracts';
import type { Handled } from './declarers.ts';
import type { Route } from './route.ts';

/** A handler for each endpoint of a service, under the endpoint's id. */
export type HandlersOf<Endpoints extends Readonly<Record<string, AnyEndpoint>>, C> = {
  readonly [Id in keyof Endpoints]: Handled<Route<C>, Endpoints[Id]['id']>;
};

/**
 * The routes of a service: the compiler requires a handler for each of its endpoints. They are in
 * the order of `handlers`, except that a route precedes one whose parameters would match its path:
 * `/v1/users/blocks` comes before `/v1/users/:user_id`.
 * @throws Error if an endpoint is not exported under its id, by which samples and clients find it.
 */
export function routesOf<const Endpoints extends Readonly<Record<string, AnyEndpoint>>, C>(
  endpoints: Endpoints,
  handlers: HandlersOf<Endpoints, C>,
): readonly Route<C>[] {
  for (const [name, { id }] of Object.entries(endpoints)) {
    if (name !== id) throw new Error(`the endpoint ${name} has the id ${id}; expected its name`);
  }
  const routes: Route<C>[] = [];
  for (const route of Object.values<Route<C>>(handlers)) {
    const shadowing = routes.findIndex((placed) => matches(placed.path, route.path));
    routes.splice(shadowing === -1 ? routes.length : shadowing, 0, route);
  }
  return routes;
}

/** Whether a router would match `path` with `pattern`, such as `/v1/users/:user_id`. */
function matches(pattern: string, path: string): boolean {
  const [expected, given] = [pattern.split('/'), path.split('/')];
  return (
    pattern !== path &&
    expected.length === given.length &&
    expected.every((segment, place) => segment.startsWith(':') || segment === given[place])
  );
}
