/** The share of calls at the beginning of a ramp. */
const firstShare = 0.1;

/**
 * Raises the load on a dependency that has recovered: from a tenth of the calls to all of them, in
 * a straight line. Calls are spread evenly, not by chance: with a share of a quarter, every fourth
 * passes. Times are milliseconds of `performance.now()`.
 */
export class Ramp {
  readonly #rampMs: number;
  #startedAt = Number.NEGATIVE_INFINITY;
  /** The part of a call that earlier calls have left over. */
  #credit = 0;

  /** @throws RangeError unless `rampMs` is a finite number above 0 */
  constructor(rampMs: number) {
    if (!(Number.isFinite(rampMs) && rampMs > 0)) {
      throw new RangeError(`rampMs is a number above 0: ${rampMs}`);
    }
    this.#rampMs = rampMs;
  }

  begin(): void {
    this.#startedAt = performance.now();
    // The first call passes: without it nobody would learn anything.
    this.#credit = 1 - firstShare;
  }

  /** The share of calls that pass now, from 0.1 to 1. */
  get share(): number {
    const elapsed = (performance.now() - this.#startedAt) / this.#rampMs;
    return Math.min(1, firstShare + (1 - firstShare) * elapsed);
  }

  /** Whether this call passes; counts it. */
  passes(): boolean {
    const { share } = this;
    if (share === 1) return true;
    this.#credit += share;
    if (this.#credit < 1) return false;
    this.#credit -= 1;
    return true;
  }
}
