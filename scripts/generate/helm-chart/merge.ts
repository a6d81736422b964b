import { isObject, type Json, type JsonObject } from './json.ts';

/**
 * Applies a patch as Kustomize does where the patches of this repository need it: objects are merged
 * name by name, lists of named elements (containers, variables, volumes) by their names, and all else
 * is replaced. test/kubernetes compares the result with Kustomize's own.
 */
export function merged(target: JsonObject, patch: JsonObject): JsonObject {
  const changed = Object.entries(patch).map(
    ([name, value]) => [name, mergedValue(target[name], value)] as const,
  );
  return { ...target, ...Object.fromEntries(changed) };
}

function mergedValue(target: Json | undefined, patch: Json): Json {
  if (isObject(target) && isObject(patch)) return merged(target, patch);
  if (isNamedList(target) && isNamedList(patch)) return mergedLists(target, patch);
  return patch;
}

type Named = JsonObject & { readonly name: string };

function isNamedList(value: Json | undefined): value is readonly Named[] {
  return (
    Array.isArray(value) &&
    value.every((element) => isObject(element) && typeof element['name'] === 'string')
  );
}

function mergedLists(target: readonly Named[], patch: readonly Named[]): Json {
  const byName = new Map(target.map((element) => [element.name, element as JsonObject]));
  for (const element of patch) {
    byName.set(element.name, merged(byName.get(element.name) ?? {}, element));
  }
  return [...byName.values()];
}
