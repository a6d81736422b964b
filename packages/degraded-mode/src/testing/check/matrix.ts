import type { Findings } from './findings.ts';

/** What was seen of every row under every mode. */
export interface Matrix {
  readonly rows: readonly string[];
  readonly modes: readonly string[];
  readonly findings: ReadonlyMap<string, Findings>;
}

/** Everything that was wrong, and every row that a mode left untried. */
export function wrongOf({ rows, modes, findings }: Matrix): string[] {
  return modes.flatMap((mode) => {
    const found = findings.get(mode);
    const untried = rows.filter((row) => found?.of(row) === undefined);
    const wrong = found?.all() ?? [];
    return [...wrong, ...untried.map((row) => `${row}: not tried`)].map((one) => `${mode}: ${one}`);
  });
}

/** For the terminal: a column a mode, numbered, and what was wrong below. */
export function terminalMatrix(
  matrix: Matrix,
  cellOf: (row: string, mode: string) => string,
): string {
  const { rows, modes } = matrix;
  const width = Math.max(...rows.map((row) => row.length));
  const numbers = modes.map((_, index) => String(index + 1).padStart(3)).join('');
  const lines = rows.map((row) => {
    const cells = modes.map((mode) => cellOf(row, mode).padStart(3)).join('');
    return `${row.padEnd(width)}${cells}`;
  });
  const legend = modes.map((mode, index) => `${String(index + 1).padStart(3)} ${mode}`);
  const wrong = wrongOf(matrix);
  const sum = `${rows.length} rows × ${modes.length} modes, ${wrong.length} wrong`;
  return [`${''.padEnd(width)}${numbers}`, ...lines, '', ...legend, '', ...wrong, sum].join('\n');
}
