/** A Markdown table; the first column is read from the left, the others are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Milliseconds in three significant digits at most: `0.84 ms`, `12 ms`, `4,980 ms`. */
export function milliseconds(value: number): string {
  return Number.isNaN(value) ? '–' : `${digits(value)} ms`;
}

/** Milliseconds until something happened: `never` if it did not. */
export function since(value: number): string {
  return Number.isNaN(value) ? 'never' : milliseconds(value);
}

/** A number with as many decimals as its size needs. */
export function digits(value: number): string {
  if (Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  const maximumFractionDigits = size < 10 ? 2 : size < 100 ? 1 : 0;
  return value.toLocaleString('en-GB', { maximumFractionDigits });
}

/** A ratio: `1.24 ×`. */
export function ratio(value: number): string {
  return Number.isFinite(value) ? `${digits(value)} ×` : '–';
}

/** The cells of a line of a table; none of another line. */
export function cellsOf(line: string): string[] {
  return line.startsWith('|')
    ? line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
    : [];
}
