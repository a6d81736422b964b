/** Remembers ids with their times of arrival; beyond `capacity` it forgets the oldest. */
export class RecentIds {
  readonly #capacity: number;
  /** In the order of arrival, which a Map keeps. */
  readonly #times = new Map<string, number>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Remembers an id. Returns false if it was already known. */
  add(id: string, now = performance.now()): boolean {
    if (this.#times.has(id)) return false;
    this.#times.set(id, now);
    if (this.#times.size > this.#capacity) {
      const oldest = this.#times.keys().next();
      if (!oldest.done) this.#times.delete(oldest.value);
    }
    return true;
  }

  /** When an id arrived, by `performance.now()`; undefined if it is unknown. */
  timeOf(id: string): number | undefined {
    return this.#times.get(id);
  }

  /** Forgets ids that arrived before this time. */
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
