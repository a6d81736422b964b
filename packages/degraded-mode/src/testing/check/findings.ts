/** What was seen of each row under one mode. */
export class Findings {
  readonly #wrongByRow = new Map<string, string[]>();

  /** A row was tried. */
  saw(row: string): void {
    if (!this.#wrongByRow.has(row)) this.#wrongByRow.set(row, []);
  }

  wrong(row: string, what: string): void {
    this.saw(row);
    const known = this.#wrongByRow.get(row) ?? [];
    if (!known.includes(what)) known.push(what);
  }

  /** Does something that shows a row at work; what it throws is what is wrong. */
  async attempt(row: string, work: () => Promise<unknown>): Promise<void> {
    this.saw(row);
    try {
      await work();
    } catch (error) {
      this.wrong(row, error instanceof Error ? error.message.slice(0, 300) : String(error));
    }
  }

  /** What was wrong with a row; undefined when it was never tried. */
  of(row: string): readonly string[] | undefined {
    return this.#wrongByRow.get(row);
  }

  /** Everything that was wrong, a line each. */
  all(): string[] {
    return [...this.#wrongByRow].flatMap(([row, wrong]) => wrong.map((what) => `${row}: ${what}`));
  }
}
