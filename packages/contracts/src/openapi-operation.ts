import type { z } from 'zod';
import type { DocumentedEndpoint } from './documented.ts';
import type { Credential, Endpoint } from './endpoint.ts';
import { isObject, type JsonObject, type SchemaComponents } from './json-schema.ts';
import { contentOf, responsesOf } from './openapi-replies.ts';
import { pathParametersOf } from './path-parameters.ts';

/** What a document asks for, by the credential of its endpoints. */
export const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The access token of a user, from login, register or refresh.',
  },
  signals_token: {
    type: 'http',
    scheme: 'bearer',
    description: 'The token that the sources of signals share (`SIGNALS_TOKEN`).',
  },
} as const satisfies Readonly<Record<Exclude<Credential, 'none'>, JsonObject>>;

/** One route as the document describes it. */
export function operationOf(route: DocumentedEndpoint, components: SchemaComponents): JsonObject {
  const { endpoint, whenRedisDown, whenDown } = route;
  const { auth, description, id, path, query, role, summary, tag } = endpoint;
  const pathParameters = pathParametersOf(path);
  const parameters = [
    ...(pathParameters === undefined ? [] : parametersOf(pathParameters, 'path', components)),
    ...(query === undefined ? [] : parametersOf(query, 'query', components)),
  ];
  const requestBody = requestBodyOf(endpoint, components);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: auth === 'none' ? [] : [{ [auth]: role === undefined ? [] : [role] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: responsesOf(route, components),
    'x-when-redis-down': whenRedisDown,
    ...(whenDown === undefined ? {} : { 'x-when-down': whenDown }),
  };
}

function requestBodyOf({ body, rawBody }: Endpoint, components: SchemaComponents) {
  if (body !== undefined) {
    const content = { 'application/json': contentOf(body, 'input', components) };
    return { required: true, content };
  }
  if (rawBody === undefined) return undefined;
  return {
    description: rawBody.description,
    required: true,
    content: { [rawBody.mediaType]: {} },
  };
}

/**
 * The fields of a query or of path parameters. An object with refinements keeps its fields; what the
 * refinement asks is said in the reply to a request that breaks it.
 */
function parametersOf(
  schema: z.ZodType,
  location: 'path' | 'query',
  components: SchemaComponents,
): JsonObject[] {
  const { properties, required } = components.jsonSchemaOf(schema, 'input');
  if (!isObject(properties)) throw new Error(`${location} parameters must be an object schema`);
  const requiredNames = new Set(Array.isArray(required) ? required : []);
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: location,
    required: location === 'path' || requiredNames.has(name),
    schema: property,
  }));
}
