import { type Matrix, terminalMatrix, wrongOf } from './matrix.ts';

const marks = { served: '·', substituted: 'S', refused: 'R' } as const;

const key = 'as declared: · served, S substituted, R refused; ✗ undeclared, ? not tried';

/** What was seen of every row under every fault. */
export class CheckReport {
  readonly rows: readonly string[];
  readonly faults: readonly string[];
  readonly #matrix: Matrix;

  constructor(matrix: Matrix) {
    this.#matrix = matrix;
    this.rows = matrix.rows;
    this.faults = matrix.modes;
  }

  /** Everything that was not as declared, a line each: `fault: row: what`. */
  get wrong(): readonly string[] {
    return wrongOf(this.#matrix);
  }

  /** A cell of the matrix: `·`, `S`, `R`, `✗`, `?`, or `-` where the fault does not apply. */
  cell(row: string, fault: string): string {
    const found = this.#matrix.findings.get(fault);
    const wrong = found?.of(row);
    if (found === undefined || wrong === undefined) return '?';
    if (wrong.length > 0) return '✗';
    const seen = found.seenOf(row);
    return seen === undefined ? '-' : marks[seen];
  }

  /** The matrix for a terminal, with what was wrong. */
  toString(): string {
    const matrix = terminalMatrix(this.#matrix, (row, fault) => this.cell(row, fault));
    return `${key}\n\n${matrix}`;
  }
}
