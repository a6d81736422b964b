import type { DocumentInfo, OpenApiDocument } from './openapi-operation.ts';

/** The same entries in the order of their keys, so that a document does not depend on the order. */
function sorted<Value>(entries: Iterable<readonly [string, Value]>): Record<string, Value> {
  const byKey = [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(byKey);
}

/** Puts the parts of a document in their order. */
export function documentOf(
  { title, version, server }: DocumentInfo,
  paths: OpenApiDocument['paths'],
  components: OpenApiDocument['components'],
): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: { title, version },
    ...(server === undefined ? {} : { servers: [{ url: server }] }),
    paths: sorted(
      Object.entries(paths).map(([path, item]) => [path, sorted(Object.entries(item))] as const),
    ),
    components: {
      schemas: sorted(Object.entries(components.schemas)),
      responses: sorted(Object.entries(components.responses)),
      securitySchemes: sorted(Object.entries(components.securitySchemes)),
    },
  };
}
