import { isDeepStrictEqual } from 'node:util';
import { documentOf } from './openapi-layout.ts';
import type { DocumentInfo, OpenApiDocument } from './openapi-operation.ts';

/** Adds what `more` has to `target`; what both have must be the same. */
function unite<Value>(
  target: Record<string, Value>,
  more: Readonly<Record<string, Value>>,
  kind: string,
): void {
  for (const [name, value] of Object.entries(more)) {
    const known = target[name];
    if (known !== undefined && !isDeepStrictEqual(known, value)) {
      throw new Error(`the documents disagree about ${kind} ${name}`);
    }
    target[name] = value;
  }
}

/**
 * One document of several services' routes, for the gateway. Routes and schemas that several
 * documents have (`/live`, `User`) appear once. Without `info` the first document's holds.
 *
 * @throws Error where there is no document, or where two describe the same thing differently.
 */
export function mergeOpenApi(
  documents: readonly OpenApiDocument[],
  info?: DocumentInfo,
): OpenApiDocument {
  const first = documents[0];
  if (first === undefined) throw new Error('there is no document to merge');
  const paths: OpenApiDocument['paths'] = {};
  const components: OpenApiDocument['components'] = {
    schemas: {},
    responses: {},
    securitySchemes: {},
  };
  const routeOfOperation: Record<string, string> = {};
  for (const document of documents) {
    for (const [path, item] of Object.entries(document.paths)) {
      const united = paths[path] ?? {};
      paths[path] = united;
      unite(united, item, path);
      for (const [method, { operationId }] of Object.entries(item)) {
        unite(routeOfOperation, { [String(operationId)]: `${method} ${path}` }, 'operation');
      }
    }
    unite(components.schemas, document.components.schemas, 'the schema');
    unite(components.responses, document.components.responses, 'the reply');
    unite(components.securitySchemes, document.components.securitySchemes, 'the security scheme');
  }
  return documentOf(info ?? first.info, paths, components);
}
