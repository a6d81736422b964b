import { safeLine } from './safe-text.ts';

/**
 * Rows as aligned columns, two spaces between them, under a line of headings. Texts of others in the
 * cells are made safe to show.
 */
export function tableOf(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const lines = [headings, ...rows.map((row) => row.map(safeLine))];
  const widths = headings.map((_heading, column) =>
    Math.max(...lines.map((line) => widthOf(line[column] ?? ''))),
  );
  return lines.map((line) =>
    line
      .map((cell, column) => padded(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(width - widthOf(cell));
}

/** In characters as a reader counts them. */
function widthOf(text: string): number {
  return [...new Intl.Segmenter().segment(text)].length;
}
