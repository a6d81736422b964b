import { openApiDocument } from '@secureconnect/contracts';
import type { Route } from './route.ts';
import { parameterSchema } from './validate.ts';

const version = '0.1.0';

/** The OpenAPI 3.1 document of a service, from its rows. */
export function openApiOf<C>(service: string, routes: readonly Route<C>[]): object {
  const operations = routes.flatMap((route) => {
    // A route that takes every method is a proxy: its operations are described upstream.
    if (route.kind !== 'http' || route.method === 'all') return [];
    const params = parameterSchema(route.path);
    const summary = route.endpoint?.summary ?? route.summary;
    const declared = Object.values(route.row.whenRedisDown);
    return {
      method: route.method,
      path: route.path,
      operation: route.endpoint?.id ?? route.row.operation,
      errors: route.endpoint?.errors ?? [],
      auth: route.auth,
      status: route.status,
      failsClosed: declared.some(({ kind }) => kind === 'failClosed' || kind === 'bySetting'),
      ...(summary === undefined ? {} : { summary }),
      ...(route.body === undefined ? {} : { body: route.body }),
      ...(route.query === undefined ? {} : { query: route.query }),
      ...(route.reply === undefined ? {} : { reply: route.reply }),
      ...(params === undefined ? {} : { params }),
    };
  });
  return openApiDocument({ title: `SecureConnect ${service}`, version, operations });
}
