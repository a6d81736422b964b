/**
 * Several values for a key. Most keys have one value, which is kept without a set: that saves some
 * 200 bytes for each.
 */
export class Multimap<Key, Value extends object> {
  readonly #values = new Map<Key, Value | Several<Value>>();

  add(key: Key, value: Value): void {
    const found = this.#values.get(key);
    if (found === undefined) this.#values.set(key, value);
    else if (found instanceof Several) found.add(value);
    else if (found !== value) this.#values.set(key, new Several([found, value]));
  }

  remove(key: Key, value: Value): void {
    const found = this.#values.get(key);
    if (found instanceof Several) {
      found.delete(value);
      if (found.size > 0) return;
    } else if (found !== value) return;
    this.#values.delete(key);
  }

  /** The values of a key, in the order in which they were added. */
  of(key: Key): Iterable<Value> {
    const found = this.#values.get(key);
    if (found instanceof Several) return found;
    return found === undefined ? [] : [found];
  }

  /** The number of keys with a value. */
  get size(): number {
    return this.#values.size;
  }
}

/** A class of its own, so that values may be sets. */
class Several<Value> extends Set<Value> {}
