/** What became of a row's requests: served by Redis, answered by its fallbacks, or refused. */
export type Seen = 'served' | 'substituted' | 'refused';

const order: readonly Seen[] = ['served', 'substituted', 'refused'];

interface RowFindings {
  readonly wrong: string[];
  seen: Seen | undefined;
}

/** What was seen of each row under one mode. */
export class Findings {
  readonly #rows = new Map<string, RowFindings>();

  /** A row was tried. With `seen`, what became of it; the strongest that was seen is kept. */
  saw(row: string, seen?: Seen): void {
    const known = this.#of(row);
    if (seen === undefined) return;
    if (known.seen === undefined || order.indexOf(seen) > order.indexOf(known.seen)) {
      known.seen = seen;
    }
  }

  wrong(row: string, what: string): void {
    const { wrong } = this.#of(row);
    if (!wrong.includes(what)) wrong.push(what);
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
    return this.#rows.get(row)?.wrong;
  }

  seenOf(row: string): Seen | undefined {
    return this.#rows.get(row)?.seen;
  }

  /** Everything that was wrong, a line each. */
  all(): string[] {
    return [...this.#rows].flatMap(([row, { wrong }]) => wrong.map((what) => `${row}: ${what}`));
  }

  #of(row: string): RowFindings {
    const known = this.#rows.get(row) ?? { wrong: [], seen: undefined };
    this.#rows.set(row, known);
    return known;
  }
}
