interface Count {
  /** The start of the current window; windows begin with a key's first event. */
  startedAt: number;
  present: number;
  previous: number;
}

/**
 * Counts events of many keys in a sliding window with two counters per key; the previous window
 * counts in proportion to its overlap (the sliding window counter of the Cloudflare limiter, 2017).
 * Times are milliseconds of `performance.now()`.
 */
export class SlidingWindow {
  readonly #windowMs: number;
  readonly #counts = new Map<string, Count>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Counts an event unless that would exceed `limit` in a window. Returns whether it counted. */
  take(key: string, limit: number, now = performance.now()): boolean {
    const count = this.#advance(key, now);
    const overlap = 1 - (now - count.startedAt) / this.#windowMs;
    if (count.previous * overlap + count.present + 1 > limit) return false;
    count.present += 1;
    return true;
  }

  /** Forgets keys without current events. Returns the number of keys left. */
  sweep(now = performance.now()): number {
    for (const [key, count] of this.#counts) {
      if (now - count.startedAt >= 2 * this.#windowMs) this.#counts.delete(key);
    }
    return this.#counts.size;
  }

  #advance(key: string, now: number): Count {
    const count = this.#counts.get(key) ?? { startedAt: now, present: 0, previous: 0 };
    this.#counts.set(key, count);
    const windows = Math.floor((now - count.startedAt) / this.#windowMs);
    if (windows >= 1) {
      count.previous = windows === 1 ? count.present : 0;
      count.present = 0;
      count.startedAt += windows * this.#windowMs;
    }
    return count;
  }
}
