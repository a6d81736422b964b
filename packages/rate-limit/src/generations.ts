/**
 * A map of bounded size that drops unused entries without a scan. It has two generations; a used
 * entry moves to the younger one, and each rotation drops the older one. An entry lives for one to
 * two spans after its last use.
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

  /** The value of a key, created by `create` if it is missing; undefined if there is no room. */
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

  /** The value of a key, without counting as a use. */
  peek(key: string): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  *entries(): Generator<[string, Value]> {
    // Entries move to the young map during a slow iteration, so the old map comes first and none is
    // missed.
    const young = this.#young;
    yield* this.#old;
    yield* young;
  }

  #rotate(nowMs: number): void {
    const aheadMs = this.#rotateAtMs - nowMs;
    // A clock set far back must not stop the rotation; a jittering one must not accelerate it.
    if (aheadMs > 0 && aheadMs <= 2 * this.#spanMs) return;
    const idle = aheadMs <= -this.#spanMs;
    this.#old = idle ? new Map() : this.#young;
    this.#young = new Map();
    this.#rotateAtMs = nowMs + this.#spanMs;
  }
}
