import { type Documented, type OpenApiDocument, openApiDocument } from '@secureconnect/contracts';
import { common } from '@secureconnect/contracts/endpoints';
import { describeFallback, kebabCase } from '@secureconnect/degraded-mode';
import type { Route } from './route.ts';

/** The version of the API in the documents. */
export const apiVersion = '0.1.0';

/** The routes that every service has; none of them uses a port. */
export const commonRoutes: readonly Documented[] = Object.values(common).map((endpoint) => ({
  endpoint,
  whenRedisDown: {},
}));

/** The documented routes of a service. Relays have no endpoint: other services declare it. */
export function documentedRoutes<C>(routes: readonly Route<C>[]): Documented[] {
  return routes.flatMap(({ endpoint, policy }) => {
    if (endpoint === undefined) return [];
    const ports = Object.entries(policy.whenRedisDown);
    const whenRedisDown = Object.fromEntries(
      ports.map(([port, declared]) => [kebabCase(port), describeFallback(declared)]),
    );
    return [{ endpoint, whenRedisDown }];
  });
}

/** The OpenAPI 3.1 document of a service, from its routes. */
export function openApiOf<C>(service: string, routes: readonly Route<C>[]): OpenApiDocument {
  return openApiDocument({
    title: `SecureConnect ${service}`,
    version: apiVersion,
    routes: [...documentedRoutes(routes), ...commonRoutes],
  });
}
