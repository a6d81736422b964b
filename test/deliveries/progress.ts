/** How many deliveries were accepted; faults wait for it, so that they strike at the same point. */
export class Progress {
  #accepted = 0;
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  get accepted(): number {
    return this.#accepted;
  }

  /** One more was accepted. */
  note(): void {
    this.#accepted += 1;
    for (const { count, resolve } of this.#waiting) if (this.#accepted === count) resolve();
  }

  /** Resolves when so many were accepted. */
  reached(count: number): Promise<void> {
    if (this.#accepted >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }
}
