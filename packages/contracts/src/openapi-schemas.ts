import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

/** A JSON Schema, or any other object of an OpenAPI document. */
export type JsonObject = { [key: string]: unknown };

const LOCAL = '#/$defs/';
const COMPONENTS = '#/components/schemas/';

/** Named schemas of one document, by name. */
export type Components = Map<string, JsonObject>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same value with references to its own `$defs` turned into references to components. */
function withComponentReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withComponentReferences);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) =>
      key === '$ref' && typeof child === 'string'
        ? [key, child.replace(LOCAL, COMPONENTS)]
        : [key, withComponentReferences(child)],
    ),
  );
}

/** Adds a named schema; throws where another one already has the name. */
function addComponent(components: Components, name: string, schema: JsonObject): void {
  const known = components.get(name);
  if (known !== undefined && !isDeepStrictEqual(known, schema)) {
    throw new Error(`two different schemas are both named ${name}`);
  }
  components.set(name, schema);
}

/**
 * The JSON Schema (draft 2020-12) of a zod schema, as OpenAPI 3.1 takes it. Schemas with an id in
 * their metadata are added to `components` and referred to there.
 *
 * @param io `input` for what a client may send, `output` for what a server replies.
 * @throws Error where a name is taken by a different schema.
 */
export function jsonSchemaOf(
  schema: z.ZodType,
  io: 'input' | 'output',
  components: Components,
): JsonObject {
  // Wrapped, so that a named schema is referred to even where it is the outermost one.
  const converted = z.toJSONSchema(z.object({ root: schema }), {
    io,
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => {
      // Replies may gain fields: a client that refuses unknown ones would break for nothing.
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  for (const [name, definition] of Object.entries(converted.$defs ?? {})) {
    const { id: _name, ...rest } = withComponentReferences(definition) as JsonObject;
    addComponent(components, name, rest);
  }
  return withComponentReferences(converted.properties?.['root'] ?? {}) as JsonObject;
}

/**
 * The fields of a query or of path parameters as OpenAPI parameters. An object with refinements
 * keeps its fields; what the refinement asks is said in the reply to a request that breaks it.
 */
export function parametersOf(
  schema: z.ZodType,
  location: 'path' | 'query',
  components: Components,
): JsonObject[] {
  const { properties, required } = jsonSchemaOf(schema, 'input', components);
  if (!isObject(properties)) throw new Error(`${location} parameters must be an object schema`);
  const requiredNames = new Set(Array.isArray(required) ? required : []);
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: location,
    required: location === 'path' || requiredNames.has(name),
    schema: property,
  }));
}
