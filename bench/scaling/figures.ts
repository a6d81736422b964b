import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cellsOf } from '../support/markdown.ts';

const page = join(import.meta.dirname, '../../docs/benchmarks.md');

/** Where a figure stands in docs/benchmarks.md. */
export interface Place {
  /** What the command after `bench:` is called, which writes the section. */
  readonly section: string;
  /** The first cell of the row; the first two as `100 kB | directory, presigned`. */
  readonly row: string;
  /** The head of the column. */
  readonly column: string;
  /** The heading of the part of the section, where rows of several parts have one name. */
  readonly part?: string;
}

/**
 * A measured figure, without its unit.
 * @throws Error if the page has no such cell, or it holds no number
 */
export function figure(
  { section, row, column, part }: Place,
  text = readFileSync(page, 'utf8'),
): number {
  const whole = between(text, `<!-- ${section}: `, `<!-- end of ${section} -->`);
  const lines = (part === undefined ? whole : between(whole, `### ${part}\n`, '\n### ')).split(
    '\n',
  );
  const width = row.split(' | ').length;
  const at = lines.findIndex((line) => cellsOf(line).slice(0, width).join(' | ') === row);
  const head = lines.slice(0, Math.max(0, at)).findLast((line) => cellsOf(line).includes(column));
  const cell = cellsOf(lines[at] ?? '')[cellsOf(head ?? '').indexOf(column)];
  const value = Number.parseFloat((cell ?? '').replaceAll(',', ''));
  if (Number.isFinite(value)) return value;
  throw new Error(`docs/benchmarks.md has no figure "${column}" of "${row}" in ${section}`);
}

/** The text from one mark to the next other one, or to the end. */
function between(text: string, begin: string, end: string): string {
  const from = text.indexOf(begin);
  if (from < 0) throw new Error(`docs/benchmarks.md has no "${begin.trim()}"`);
  const rest = text.slice(from + begin.length);
  const to = rest.indexOf(end);
  return to < 0 ? rest : rest.slice(0, to);
}
