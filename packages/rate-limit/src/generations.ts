/**
 * A map of bounded size whose unused entries vanish without a scan. There are two generations; an
 * entry that is used moves to the younger one, and at each rotation the older one is dropped
 * whole. So an entry lives for at least one and at most two spans after its last use.
 */
export class Generations<Value> {
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();
  #rotateAtMs = Number.NEGATIVE_INFINITY;
  readonly #spanMs: number;
  readonly #maxKeys: number;

  constructor(options: { spanMs: number; maxKeys: number }) {
    this.#spanMs = options.spanMs;
    this.#maxKeys = options.maxKeys;
  }

  /** Keys held, in both generations. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** The value of a key, made by `create` where there is none; undefined when there is no room. */
  use(key: string, nowMs: number, create: () => Value): Value | undefined {
    this.#rotate(nowMs);
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old === undefined && this.size >= this.#maxKeys) return undefined;
    this.#old.delete(key);
    const value = old ?? create();
    this.#young.set(key, value);
    return value;
  }

  /** The value of a key that is held; it does not count as used. */
  peek(key: string): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  *entries(): Generator<[string, Value]> {
    // Entries move between the maps while a slow reader is half-way: first the old, then the young,
    // so that none is missed.
    const young = this.#young;
    yield* this.#old;
    yield* young;
  }

  #rotate(nowMs: number): void {
    const aheadMs = this.#rotateAtMs - nowMs;
    // A clock that was set back far must not stop the rotation; one that trembles must not hasten it.
    if (aheadMs > 0 && aheadMs <= 2 * this.#spanMs) return;
    const idle = aheadMs <= -this.#spanMs;
    this.#old = idle ? new Map() : this.#young;
    this.#young = new Map();
    this.#rotateAtMs = nowMs + this.#spanMs;
  }
}
