/**
 * A bound on the calls of one dependency that are under way at once, so that a slow one holds no
 * more of the process than that (Nygard, "Release It!", 2007: bulkheads).
 */
export class Bulkhead {
  readonly maxCalls: number;
  #underWay = 0;

  /** @throws RangeError unless `maxCalls` is a whole number above 0 */
  constructor(maxCalls: number) {
    if (!(Number.isInteger(maxCalls) && maxCalls > 0)) {
      throw new RangeError(`maxCallsUnderWay is a whole number above 0: ${maxCalls}`);
    }
    this.maxCalls = maxCalls;
  }

  /** The calls under way. A call that was given up after its limit is no longer among them. */
  get underWay(): number {
    return this.#underWay;
  }

  get isFull(): boolean {
    return this.#underWay >= this.maxCalls;
  }

  enter(): void {
    this.#underWay += 1;
  }

  leave(): void {
    this.#underWay -= 1;
  }
}
