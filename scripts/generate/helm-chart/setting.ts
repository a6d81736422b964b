import type { Json, JsonObject } from './json.ts';

/** A value of the chart: what it is for, what it may be, and its default. */
export interface Setting {
  readonly description: string;
  /** JSON Schema of the value, without its description and default. */
  readonly schema: JsonObject;
  readonly default: Json;
}

/** Values under one name. */
export interface Group {
  readonly description: string;
  readonly entries: Entries;
}

export type Entries = Readonly<Record<string, Setting | Group>>;

export function isGroup(entry: Setting | Group): entry is Group {
  return 'entries' in entry;
}

export function text(description: string, value = ''): Setting {
  return { description, schema: { type: 'string' }, default: value };
}

export function flag(description: string, value: boolean): Setting {
  return { description, schema: { type: 'boolean' }, default: value };
}

export function count(description: string, value: number, minimum = 1): Setting {
  return { description, schema: { type: 'integer', minimum }, default: value };
}

export function choice(description: string, values: readonly [string, ...string[]]): Setting {
  return { description, schema: { type: 'string', enum: values }, default: values[0] };
}

/** Texts that match a pattern. */
export function texts(description: string, pattern: string): Setting {
  return {
    description,
    schema: { type: 'array', items: { type: 'string', pattern } },
    default: [],
  };
}

export function ports(description: string, values: readonly number[]): Setting {
  const items = { type: 'integer', minimum: 1, maximum: 65535 };
  return { description, schema: { type: 'array', items, uniqueItems: true }, default: values };
}

/** An object or list of Kubernetes' own, whose fields the API server checks. */
export function kubernetesObject(description: string, value: JsonObject = {}): Setting {
  return { description, schema: { type: 'object' }, default: value };
}

export function kubernetesList(description: string): Setting {
  return { description, schema: { type: 'array', items: { type: 'object' } }, default: [] };
}

/** Annotations or labels. */
export function pairs(description: string): Setting {
  const schema = { type: 'object', additionalProperties: { type: 'string' } };
  return { description, schema, default: {} };
}

/** Environment variables, of these names alone. */
export function environment(
  description: string,
  names: readonly string[],
  value: JsonObject = {},
): Setting {
  const properties = Object.fromEntries(names.map((name) => [name, { $ref: '#/$defs/variable' }]));
  const schema = { type: 'object', properties, additionalProperties: false };
  return { description, schema, default: value };
}
