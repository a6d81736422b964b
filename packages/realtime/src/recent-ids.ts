/** Remembers ids with the time at which each came; beyond `capacity` it forgets the oldest. */
export class RecentIds {
  readonly #capacity: number;
  /** In the order in which they came, as a Map keeps it. */
  readonly #times = new Map<string, number>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Remembers an id. Returns false when it was known already. */
  add(id: string, now = performance.now()): boolean {
    if (this.#times.has(id)) return false;
    this.#times.set(id, now);
    if (this.#times.size > this.#capacity) {
      const oldest = this.#times.keys().next();
      if (!oldest.done) this.#times.delete(oldest.value);
    }
    return true;
  }

  /** When an id came, by `performance.now()`; undefined where it is not remembered. */
  timeOf(id: string): number | undefined {
    return this.#times.get(id);
  }

  /** Forgets what came before this time. */
  forgetBefore(time: number): void {
    for (const [id, came] of this.#times) {
      if (came >= time) return;
      this.#times.delete(id);
    }
  }

  get size(): number {
    return this.#times.size;
  }
}
