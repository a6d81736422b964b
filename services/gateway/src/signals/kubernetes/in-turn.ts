/** Serialises this process's work on the same object. */
export class InTurn {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `work` after all earlier work with the same key. */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const mine = (this.#last.get(key) ?? Promise.resolve()).then(work);
    const ended = mine.then(
      () => undefined,
      () => undefined, // Whoever asked for it is told; who comes next does not mind.
    );
    this.#last.set(key, ended);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === ended) this.#last.delete(key);
    }
  }
}
