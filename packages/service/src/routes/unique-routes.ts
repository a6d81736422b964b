import type { Route } from './route.ts';

/**
 * Two routes with one id would be one in documents and metrics; of two with one method and path, the
 * second would never be served.
 * @throws Error naming two such routes
 */
export function requireUniqueRoutes<C>(routes: readonly Route<C>[]): void {
  requireUnique('have the same id', routes, ({ endpoint }) => endpoint?.id);
  // A router ignores the names of parameters.
  requireUnique('serve the same requests', routes, ({ policy }) =>
    policy.route.replaceAll(/:\w+/g, ':'),
  );
}

function requireUnique<C>(
  problem: string,
  routes: readonly Route<C>[],
  keyOf: (route: Route<C>) => string | undefined,
): void {
  const seen = new Map<string, Route<C>>();
  for (const route of routes) {
    const key = keyOf(route);
    if (key === undefined) continue;
    const first = seen.get(key);
    if (first !== undefined) {
      throw new Error(`${nameOf(first)} and ${nameOf(route)} ${problem}`);
    }
    seen.set(key, route);
  }
}

function nameOf<C>({ policy, endpoint }: Route<C>): string {
  return endpoint === undefined ? policy.route : `${policy.route} (${endpoint.id})`;
}
