import type { z } from 'zod';
import { documentOf } from './openapi-layout.ts';
import type { DocumentInfo, OpenApiDocument, Operation } from './openapi-operation.ts';
import { errorResponses, responsesOf } from './openapi-replies.ts';
import type { Components, JsonObject } from './openapi-schemas.ts';
import { jsonSchemaOf, parametersOf } from './openapi-schemas.ts';

const parameterPattern = /:([A-Za-z_]\w*)/g;

/** Path parameters that no schema describes are still required by OpenAPI. */
function pathParameters({ params, path }: Operation, components: Components): JsonObject[] {
  const described = params === undefined ? [] : parametersOf(params, 'path', components);
  return [...path.matchAll(parameterPattern)].map(([, name]) => {
    const schema = { type: 'string' };
    return (
      described.find((parameter) => parameter['name'] === name) ?? {
        name,
        in: 'path',
        required: true,
        schema,
      }
    );
  });
}

function operationObject(operation: Operation, components: Components): JsonObject {
  const { auth, body, query, summary } = operation;
  const parameters = [
    ...pathParameters(operation, components),
    ...(query === undefined ? [] : parametersOf(query, 'query', components)),
  ];
  return {
    operationId: operation.operation,
    ...(summary === undefined ? {} : { summary }),
    security: auth === 'bearer' ? [{ bearer: [] }] : [],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: requestBodyOf(body, components) }),
    responses: responsesOf(operation, components),
  };
}

function requestBodyOf(body: z.ZodType, components: Components): JsonObject {
  const schema = jsonSchemaOf(body, 'input', components);
  return { required: true, content: { 'application/json': { schema } } };
}

/**
 * The OpenAPI 3.1 document of a service's routes. The order of the operations does not matter.
 *
 * @throws Error where two operations have the same route or name, or two schemas the same id.
 */
export function openApiDocument({
  operations,
  ...info
}: DocumentInfo & { readonly operations: readonly Operation[] }): OpenApiDocument {
  const schemas: Components = new Map();
  const paths: OpenApiDocument['paths'] = {};
  const names = new Set<string>();
  for (const operation of operations) {
    if (names.has(operation.operation)) {
      throw new Error(`two operations are both named ${operation.operation}`);
    }
    names.add(operation.operation);
    const path = operation.path.replaceAll(parameterPattern, '{$1}');
    const method = operation.method.toLowerCase();
    const item = paths[path] ?? {};
    paths[path] = item;
    if (item[method] !== undefined) throw new Error(`two operations are ${method} ${path}`);
    item[method] = operationObject(operation, schemas);
  }
  const responses = errorResponses(schemas);
  return documentOf(info, paths, {
    schemas: Object.fromEntries(schemas),
    responses,
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
  });
}
