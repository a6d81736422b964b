interface Waiting {
  readonly work: number;
  readonly resolve: () => void;
}

/**
 * Shares the turns of the event loop among many tasks: a turn has a limited amount of work; the
 * rest waits for later turns, first come, first served.
 */
export class TurnBudget {
  readonly #workPerTurn: number;
  readonly #waiting: Waiting[] = [];
  #left: number;
  #isScheduled = false;

  constructor(workPerTurn: number) {
    this.#workPerTurn = workPerTurn;
    this.#left = workPerTurn;
  }

  /**
   * Resolves when this much work may be done. Work larger than a turn's budget gets a turn to
   * itself.
   */
  take(work: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ work, resolve });
      this.#release();
    });
  }

  #release(): void {
    while (this.#left > 0) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#left -= next.work;
      next.resolve();
    }
    if (this.#left === this.#workPerTurn || this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#left = this.#workPerTurn;
      this.#release();
    });
  }
}
