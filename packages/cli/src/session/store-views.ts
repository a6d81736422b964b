import { MemoryStore, type Store } from '@secureconnect/client';

/** Keeps the keys with one of these prefixes in memory, and the others where they are. */
export function inMemory(kept: Store, ...prefixes: readonly string[]): Store {
  const memory = new MemoryStore();
  const storeOf = (key: string) =>
    prefixes.some((prefix) => key.startsWith(prefix)) ? memory : kept;
  return {
    get: (key) => storeOf(key).get(key),
    set: (key, value) => storeOf(key).set(key, value),
    delete: (key) => storeOf(key).delete(key),
    keys: (prefix) => storeOf(prefix).keys(prefix),
  };
}

/** Keeps the keys with a prefix under a longer one: apart from those of others. */
export function under(kept: Store, prefix: string, longer: string): Store {
  const inner = (key: string) => (key.startsWith(prefix) ? `${longer}${key}` : key);
  return {
    get: (key) => kept.get(inner(key)),
    set: (key, value) => kept.set(inner(key), value),
    delete: (key) => kept.delete(inner(key)),
    keys: async (asked) => {
      const keys = await kept.keys(inner(asked));
      return keys.map((key) => (key.startsWith(longer) ? key.slice(longer.length) : key));
    },
  };
}
