/** What YAML and JSON hold. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

/** Whether it is an object and no list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object. Throws Error with `what` where it is something else. */
export function objectOf(value: Json | undefined, what: string): JsonObject {
  if (isObject(value)) return value;
  throw new Error(`${what} is no object`);
}

/** The list. Throws Error with `what` where it is something else. */
export function listOf(value: Json | undefined, what: string): readonly Json[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${what} is no list`);
}

/** The text. Throws Error with `what` where it is something else. */
export function textOf(value: Json | undefined, what: string): string {
  if (typeof value === 'string') return value;
  throw new Error(`${what} is no text`);
}
