const repeatMs = 5000;

/** Prints what the set-up is doing, with the seconds since it began. */
export class Progress {
  readonly #say: (line: string) => void;
  readonly #begin = performance.now();

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  note(line: string): void {
    const seconds = (performance.now() - this.#begin) / 1000;
    this.#say(`${seconds.toFixed(1).padStart(6)} s  ${line}`);
  }

  /** Prints a step's name, runs it, and prints every five seconds that it is still running. */
  async step<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.note(what);
    const repeat = setInterval(() => this.note(`still ${what}`), repeatMs);
    try {
      return await work();
    } finally {
      clearInterval(repeat);
    }
  }
}
