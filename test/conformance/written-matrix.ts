import type { Matrix } from '@secureconnect/degraded-mode/testing';
import { type Cell, cellOf, isCell } from './matrix.ts';

/** What docs/conformance.md says of each row under each mode. */
export class WrittenMatrix {
  readonly #cells = new Map<string, Cell>();

  constructor(text: string) {
    const lines = text.split('\n');
    const modes = lines.flatMap((line) => /^\d{1,3}\. (.+)$/.exec(line)?.[1] ?? []);
    for (const line of lines.filter((each) => each.startsWith('| `'))) {
      const [row = '', ...cells] = line.slice(1).split('|');
      for (const [index, mode] of modes.entries()) {
        const written = cells[index]?.trim();
        if (isCell(written)) this.#cells.set(keyOf(row.trim().slice(1, -1), mode), written);
      }
    }
  }

  of(row: string, mode: string): Cell {
    return this.#cells.get(keyOf(row, mode)) ?? '?';
  }
}

const keyOf = (row: string, mode: string): string => `${row} | ${mode}`;

export interface MergeOptions {
  /** Every mode in its order, those among them that could not be had. */
  readonly modes: readonly string[];
  readonly written: WrittenMatrix;
  /** The file is written anew; otherwise what it does not know yet may stay so. */
  readonly updates: boolean;
}

/** What was seen; where a mode could not be had, what is written. */
export function merged(
  matrix: Matrix,
  { modes, written, updates }: MergeOptions,
): (row: string, mode: string) => Cell {
  const leftOut = new Set(modes.filter((mode) => !matrix.modes.includes(mode)));
  return (row, mode) => {
    const known = written.of(row, mode);
    if (leftOut.has(mode)) return known;
    const seen = cellOf(matrix, row, mode);
    return !updates && known === '?' && seen === '✓' ? '?' : seen;
  };
}

/** A line for each mode that could not be had: what of it is kept, and what is not known. */
export function keptLines(
  { rows, modes: tried }: Matrix,
  { modes, written }: Pick<MergeOptions, 'modes' | 'written'>,
): string[] {
  return modes
    .filter((mode) => !tried.includes(mode))
    .map((mode) => {
      const unknown = rows.filter((row) => written.of(row, mode) === '?');
      const kept = `${mode}: ${rows.length - unknown.length} rows are kept as they were`;
      return unknown.length === 0 ? kept : `${kept}, not known of ${unknown.join(', ')}`;
    });
}
