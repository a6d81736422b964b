import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Told of a text or number that no `.meta({ examples })` describes, by its path. */
export type OnMissingExample = (path: string) => void;

/**
 * A value that the schema accepts, always the same one, for the documents: the first of the examples
 * in the metadata of the schema, else composed from the examples of its parts. Optional fields are
 * left out, fields with a default have it, lists have one entry, and ids follow from their names.
 * @throws Error for a kind of schema that the contracts do not use.
 */
export function exampleOf(
  schema: z.ZodType,
  onMissing: OnMissingExample = () => undefined,
  path = '$',
): unknown {
  const { def } = (schema as unknown as z.core.$ZodTypes)._zod;
  if (isAnyUuid(def)) return uuidOf(path);
  const given = givenExample(schema);
  if (given !== undefined) return given;
  const partOf = (part: z.core.$ZodType, name = ''): unknown =>
    exampleOf(part as z.ZodType, onMissing, path + name);
  switch (def.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(def.shape)
          .filter(([, field]) => !isOptional(field) || hasDefault(field))
          .map(([name, field]) => [name, partOf(field, `.${name}`)]),
      );
    case 'array':
      return [partOf(def.element, '[0]')];
    case 'record':
      return {};
    case 'union':
      return partOf(firstOf(def.options));
    case 'literal':
      return firstOf(def.values);
    case 'enum':
      return firstOf(Object.values(def.entries));
    case 'nullable':
    case 'null':
      return null;
    case 'boolean':
      return false;
    case 'unknown':
      return {};
    case 'default':
    case 'prefault':
      return def.defaultValue;
    case 'optional':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return partOf(def.innerType);
    case 'pipe':
      // What is sent stands before a transformation, and after a preprocessing.
      return partOf(def.in._zod.def.type === 'transform' ? def.out : def.in);
    case 'string':
      onMissing(path);
      return 'text';
    case 'number':
      onMissing(path);
      return 1;
    default:
      throw new Error(`${path}: no example of ${def.type} can be made`);
  }
}

/** An example of each form of a schema, by name; one if there is one form. */
export function examplesOf(schema: z.ZodType, onMissing?: OnMissingExample): unknown[] {
  const { def } = (schema as unknown as z.core.$ZodTypes)._zod;
  return def.type === 'union' && givenExample(schema) === undefined
    ? def.options.map((option) => exampleOf(option as z.ZodType, onMissing))
    : [exampleOf(schema, onMissing)];
}

/** Whether a schema accepts UUIDs of every version. */
function isAnyUuid(def: z.core.$ZodTypes['_zod']['def']): boolean {
  if (def.type !== 'string' || !('format' in def)) return false;
  return def.format === 'guid' || (def.format === 'uuid' && !('version' in def && def.version));
}

/** A UUID that belongs to a field, so that a message and its sender have different ones. */
function uuidOf(path: string): string {
  const [field = path] = /[a-z_]+(?=(?:\[0\])?$)/.exec(path) ?? [];
  const hex = createHash('sha256').update(field).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

function givenExample(schema: z.ZodType): unknown {
  const examples = z.globalRegistry.get(schema)?.['examples'];
  return Array.isArray(examples) ? examples[0] : undefined;
}

/** A preprocessing accepts anything, so its outcome decides whether the field may be omitted. */
function isOptional(field: z.core.$ZodType): boolean {
  const { def } = (field as z.core.$ZodTypes)._zod;
  const isPreprocessed = def.type === 'pipe' && def.in._zod.def.type === 'transform';
  return (isPreprocessed ? def.out : field)._zod.optin === 'optional';
}

function hasDefault(schema: z.core.$ZodType): boolean {
  const { type } = schema._zod.def;
  return type === 'default' || type === 'prefault';
}

function firstOf<Value>(values: readonly Value[]): Value {
  const [first] = values;
  if (first === undefined) throw new Error('a schema without a value has no example');
  return first;
}
