import type { Terminal } from '../terminal/terminal.ts';

/** Writes over what it has shown before, on a terminal; elsewhere each picture comes after the last. */
export class Screen {
  readonly #terminal: Terminal;
  #shown: string | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /**
   * Shows lines. Lines that do not fit the terminal are cut, so that none is out of place.
   * @param key of what is shown: where it is no terminal, the same key is not shown again
   */
  show(lines: readonly string[], key: string): void {
    const { output } = this.#terminal;
    if (output.isTTY === true) {
      const { columns = 80, rows = 24 } = output;
      const fitting = lines.slice(0, rows - 1).map((line) => cut(line, columns));
      output.write(`\u001b[H${fitting.map((line) => `${line}\u001b[K\n`).join('')}\u001b[J`);
    } else if (key !== this.#shown) {
      this.#terminal.writeLines(this.#shown === undefined ? lines : ['', ...lines]);
    }
    this.#shown = key;
  }
}

function cut(line: string, columns: number): string {
  const characters = [...line];
  return characters.length <= columns ? line : `${characters.slice(0, columns - 1).join('')}…`;
}
