import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

/** A JSON Schema, or any other object of a document. */
export type JsonObject = { [key: string]: unknown };

/** `input` for what a client may send, `output` for what a server replies. */
export type Direction = 'input' | 'output';

/** OpenAPI 3.1 takes the one, AsyncAPI 3 the other. */
export type Dialect = 'draft-2020-12' | 'draft-7';

const local = /^#\/(?:\$defs|definitions)\//;
const componentPrefix = '#/components/schemas/';

/**
 * The named schemas of one document. Schemas with an id in their metadata are kept here, and referred
 * to where they are used.
 */
export class SchemaComponents {
  readonly #schemas = new Map<string, JsonObject>();
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  get schemas(): Readonly<Record<string, JsonObject>> {
    return Object.fromEntries(this.#schemas);
  }

  /**
   * The JSON Schema of a zod schema.
   * @throws Error if a different schema has the same name, or if JSON Schema cannot say what zod checks.
   */
  jsonSchemaOf(schema: z.ZodType, direction: Direction): JsonObject {
    // Wrapped, so that a named schema is a reference even if it is the outermost one.
    const converted = z.toJSONSchema(z.object({ root: schema }), {
      io: direction,
      target: this.#dialect,
      override: ({ zodSchema, jsonSchema }) => {
        assertSayable(zodSchema, jsonSchema.format);
        // Replies may gain fields: a client that refuses unknown ones would break for nothing.
        if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
        // The format says it in a word; the pattern would take half a page of the documentation.
        if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      },
    });
    for (const [name, definition] of Object.entries(
      converted.$defs ?? converted['definitions'] ?? {},
    )) {
      const { id: _name, ...rest } = withComponentReferences(definition) as JsonObject;
      this.#add(name, rest);
    }
    return withComponentReferences(converted.properties?.['root'] ?? {}) as JsonObject;
  }

  #add(name: string, schema: JsonObject): void {
    const known = this.#schemas.get(name);
    if (known !== undefined && !isDeepStrictEqual(known, schema)) {
      throw new Error(`two different schemas are both named ${name}`);
    }
    this.#schemas.set(name, schema);
  }
}

/** Formats in use that OpenAPI or JSON Schema has; zod also writes its own, such as `starts_with`. */
const formats = new Set(['date-time', 'email', 'password', 'uri', 'uuid']);

/**
 * zod writes patterns without their flags, and checks of its own as formats, and reports neither.
 * @throws Error if the document would refuse what the service accepts, or the reverse.
 */
function assertSayable(schema: z.core.$ZodType, format: string | undefined): void {
  if (format !== undefined) {
    if (formats.has(format)) return;
    const advice = 'add it to `formats` if OpenAPI has it, or else write a regular expression';
    throw new Error(`unknown format ${format} in an API document; ${advice}`);
  }
  for (const { _zod: check } of schema._zod.def.checks ?? []) {
    const pattern = 'pattern' in check.def ? check.def.pattern : undefined;
    if (pattern instanceof RegExp && /[^u]/.test(pattern.flags)) {
      throw new Error(`${pattern} loses its flags in JSON Schema; write it with no flag but u`);
    }
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same value, with references to its own definitions turned into references to components. */
function withComponentReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withComponentReferences);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) =>
      key === '$ref' && typeof child === 'string'
        ? [key, child.replace(local, componentPrefix)]
        : [key, withComponentReferences(child)],
    ),
  );
}

/** The same entries in the order of their keys, so that a document does not depend on the order. */
export function sorted<Value>(entries: Readonly<Record<string, Value>>): Record<string, Value> {
  const byKey = Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(byKey);
}
