import { openApiDocument } from '@secureconnect/contracts';
import type { Route } from './route.ts';
import { parameterSchema } from './validate.ts';

const version = '0.1.0';

/** The OpenAPI 3.1 document of a service, from its rows. */
export function openApiOf<C>(service: string, routes: readonly Route<C>[]): object {
  const operations = routes.flatMap((route) => {
    // A relay: its operations are described upstream.
    if (route.kind !== 'http' || route.endpoint === undefined) return [];
    const { endpoint } = route;
    const params = parameterSchema(route.path);
    const declared = Object.values(route.row.whenRedisDown);
    return {
      method: route.method,
      path: route.path,
      operation: endpoint.id,
      errors: endpoint.errors,
      auth: route.auth,
      status: endpoint.status ?? 200,
      failsClosed: declared.some(({ kind }) => kind === 'failClosed' || kind === 'bySetting'),
      summary: endpoint.summary,
      ...(endpoint.body === undefined ? {} : { body: endpoint.body }),
      ...(endpoint.query === undefined ? {} : { query: endpoint.query }),
      ...(endpoint.reply === undefined ? {} : { reply: endpoint.reply }),
      ...(params === undefined ? {} : { params }),
    };
  });
  return openApiDocument({ title: `SecureConnect ${service}`, version, operations });
}
