import {
  type Documented,
  type FallbackTexts,
  type OpenApiDocument,
  openApiDocument,
} from '@secureconnect/contracts';
import { common } from '@secureconnect/contracts/endpoints';
import { type AnyDeclaration, describeFallback, kebabCase } from '@secureconnect/degraded-mode';
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
    const { whenRedisDown: redis, whenDown: others, backedBy } = policy;
    const whenRedisDown = textsOf(redis);
    if (others === undefined) return [{ endpoint, whenRedisDown }];
    return [{ endpoint, whenRedisDown, whenDown: textsOf(others, backedBy) }];
  });
}

function textsOf(
  declared: AnyDeclaration,
  backedBy: Readonly<Record<string, string>> = {},
): FallbackTexts {
  const texts = Object.entries(declared).map(([port, one]) => {
    const by = backedBy[port];
    const when = by === undefined ? '' : `while ${by} is down, `;
    return [kebabCase(port), `${when}${describeFallback(one)}`] as const;
  });
  return Object.fromEntries(texts);
}

/** The OpenAPI 3.1 document of a service, from its routes. */
export function openApiOf<C>(service: string, routes: readonly Route<C>[]): OpenApiDocument {
  return openApiDocument({
    title: `SecureConnect ${service}`,
    version: apiVersion,
    routes: [...documentedRoutes(routes), ...commonRoutes],
  });
}
