/** The middle value; the mean of the two middle ones where their number is even. NaN of none. */
export function median(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  const middle = ordered.length / 2;
  const upper = ordered[Math.floor(middle)] ?? Number.NaN;
  if (ordered.length % 2 === 1) return upper;
  return (upper + (ordered[middle - 1] ?? Number.NaN)) / 2;
}

/**
 * The value that a share of all values does not exceed (nearest rank). NaN of none.
 * @param share 0.99 for p99
 */
export function percentile(values: readonly number[], share: number): number {
  const ordered = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * ordered.length));
  return ordered[rank - 1] ?? Number.NaN;
}

/**
 * The median where NaN means never: it sorts last, so the result is NaN when half of the values are.
 */
export function medianOf(values: readonly number[]): number {
  const middle = median(values.map((value) => (Number.isNaN(value) ? Infinity : value)));
  return Number.isFinite(middle) ? middle : Number.NaN;
}
